import { describe, expect, it } from 'vitest';
import { findingsOn, withCode } from '../../makers/findings.ts';

const type = 'worker';
const items = { items: '${ input.x }', max_items: 100 };
const each = (more: object = {}) => ({ id: 'a', agent: 'x', for_each: { ...items, ...more } });
const wide = { id: 'a', agent: 'x', parallel: true };

const found = (code: string, keys: object) =>
  withCode(findingsOn(keys), code).map(({ message, related }) => `${message} ${related?.[0]?.path ?? ''}`);

describe('calls at once', () => {
  it.each([
    {
      title: 'the places of a pool',
      keys: {
        agents: { x: { type, pool: 'p' } },
        resource_pools: { p: { capacity: 3 } },
        tasks: [each({ max_concurrency: 4 })],
      },
      room: 'the pool `p` has room for 3. workflow.resource_pools.p.capacity',
    },
    {
      title: 'the instances of an agent',
      keys: { agents: { x: { type, count: 3, max_concurrent_tasks: 1 } }, tasks: [each({ max_concurrency: 4 })] },
      room: 'the agent `x` has room for 3. workflow.agents.x',
    },
    {
      title: 'what an agent does at once',
      keys: { agents: { x: { type, max_concurrent_tasks: 3 } }, tasks: [each({ max_concurrency: 4 })] },
      room: 'the agent `x` has room for 3. workflow.agents.x',
    },
    {
      title: 'what the instances of an agent do at once',
      keys: { agents: { x: { type, count: 1, max_concurrent_tasks: 3 } }, tasks: [each({ max_concurrency: 4 })] },
      room: 'the agent `x` has room for 3. workflow.agents.x',
    },
    {
      title: 'the workflow',
      keys: { concurrency: { max_parallel: 3 }, agents: { x: { type } }, tasks: [each({ max_concurrency: 4 })] },
      room: 'the workflow has room for 3. workflow.concurrency.max_parallel',
    },
    {
      title: 'a group around',
      keys: {
        agents: { x: { type } },
        tasks: [{ id: 'g', group: { max_parallel: 3, tasks: [each({ max_concurrency: 4 })] } }],
      },
      room: 'the group `g` has room for 3. workflow.tasks[0].group.max_parallel',
    },
    {
      title: 'the tightest of all',
      keys: {
        concurrency: { max_parallel: 2 },
        agents: { x: { type, count: 3 } },
        tasks: [{ id: 'g', group: { max_parallel: 1, tasks: [each({ max_concurrency: 4 })] } }],
      },
      room: 'the group `g` has room for 1. workflow.tasks[0].group.max_parallel',
    },
    {
      title: 'fewer than the instances',
      keys: { concurrency: { max_parallel: 3 }, agents: { x: { type, count: 4 } }, tasks: [wide] },
      room: 'the workflow has room for 3. workflow.concurrency.max_parallel',
    },
  ])('do not fit into $title', ({ keys, room }) => {
    expect(found('CAP301', keys)).toEqual([`\`a\` asks for 4 calls at once, and ${room}`]);
  });

  it.each([
    {
      title: 'there are as many places',
      keys: { agents: { x: { type, count: 4 } }, tasks: [each({ max_concurrency: 4 })] },
    },
    {
      title: 'nobody has chosen the number of places',
      keys: { agents: { x: { type } }, tasks: [each({ max_concurrency: 4 })] },
    },
    {
      title: 'there are instances, and nobody says how much one does at once',
      keys: { agents: { x: { type, count: 3 } }, tasks: [each({ max_concurrency: 4 })] },
    },
    { title: 'nobody has asked for a number', keys: { agents: { x: { type, count: 2 } }, tasks: [each()] } },
    {
      title: 'nothing fans out',
      keys: {
        concurrency: { max_parallel: 1 },
        agents: { x: { type, count: 4 } },
        tasks: [{ ...wide, parallel: false }],
      },
    },
    { title: 'each instance has its call', keys: { agents: { x: { type, count: 4 } }, tasks: [wide] } },
    {
      title: 'the pool is not there',
      keys: { agents: { x: { type, pool: 'p', count: 1 } }, tasks: [each({ max_concurrency: 4 })] },
    },
    {
      title: 'the agent is not there',
      keys: { concurrency: { max_parallel: 1 }, agents: { y: { type } }, tasks: [each({ max_concurrency: 4 })] },
    },
    {
      title: 'any agent may do it',
      keys: {
        concurrency: { max_parallel: 1 },
        agents: { y: { type, capabilities: ['c'] } },
        tasks: [{ ...each({ max_concurrency: 4 }), agent: undefined, requires: ['c'] }],
      },
    },
  ])('are not counted where $title', ({ keys }) => {
    expect(found('CAP301', keys)).toEqual([]);
  });

  it.each([
    { title: 'ten when it does not say', task: each(), more: {}, calls: 10 },
    { title: 'as many as it says', task: each({ max_concurrency: 5 }), more: {}, calls: 5 },
    { title: 'one for each instance', task: wide, more: {}, calls: 6 },
    { title: 'as many as the workflow allows', task: each(), more: { concurrency: { max_parallel: 5 } }, calls: 5 },
  ])('of a fan-out are $title, and fill the queue of a pool', ({ task, more, calls }) => {
    const withQueue = (max_queue?: number) => ({
      ...more,
      agents: { x: { type, pool: 'p', count: 6 } },
      resource_pools: { p: { capacity: 1, ...(max_queue !== undefined && { max_queue }) } },
      tasks: [task],
    });

    expect(found('CAP302', withQueue(calls - 2))).toEqual([
      `\`a\` calls ${calls} at once; the pool \`p\` serves 1 and lets ${calls - 2} wait. workflow.resource_pools.p`,
    ]);
    expect(found('CAP302', withQueue(calls - 1))).toEqual([]);
    expect(found('CAP302', withQueue())).toEqual([]);
  });

  it.each([
    { pool: 'sharde', hint: 'did you mean `shared`?' },
    { pool: 'else', hint: 'add it under `resource_pools`' },
  ])('share a pool that is there: $pool', ({ pool, hint }) => {
    const keys = { agents: { x: { type, pool } }, resource_pools: { shared: { capacity: 1 } }, tasks: [each()] };

    expect(withCode(findingsOn(keys), 'VAL234')).toMatchObject([
      {
        message: `The agent \`x\` shares the pool \`${pool}\`, and there is none of that name.`,
        path: 'workflow.agents.x.pool',
        hint,
      },
    ]);
  });

  it('share no pool where the workflow has none', () => {
    const keys = { agents: { x: { type, pool: 'p' } }, tasks: [each()] };

    expect(withCode(findingsOn(keys), 'VAL234')).toMatchObject([{ hint: 'add it under `resource_pools`' }]);
  });
});
