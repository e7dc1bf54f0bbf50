import { describe, expect, it } from 'vitest';
import { findingsOn, withCode } from '../../makers/findings.ts';

const task = (id: string, more: object = {}) => ({ id, agent: 'worker', ...more });
const reading = (id: string, of: string, more: object = {}) => task(id, { input: `\${ ${of} }`, ...more });
const group = (id: string, ...tasks: readonly object[]) => ({ id, group: { tasks } });

const found = (keys: object) =>
  withCode(findingsOn({ tasks: [task('a')], ...keys }), 'VAL208', 'VAL209').map(
    ({ message, hint }) => `${message}${hint === undefined ? '' : ` ${hint}`}`,
  );

describe('who reads a task before it has an output', () => {
  const read = '${ tasks.a.output }';

  it.each([
    { name: 'The concurrency key', keys: { concurrency: { key: read } } },
    { name: 'A trigger', keys: { triggers: [{ event: 'e', input: { x: read } }] } },
    { name: 'A schedule', keys: { schedule: [{ every: '1h', input: { x: read } }] } },
  ])('is told that none has run: $name', ({ name, keys }) => {
    expect(found(keys)).toEqual([`${name} names the task \`a\`, and no task has run by then.`]);
  });

  it.each([
    {
      title: 'nothing orders them',
      tasks: [task('a'), reading('b', 'tasks.a.output')],
      says: '`b` reads the output of `a`, which need not have run by then. add `a` to the `depends_on` of `b`',
    },
    {
      title: 'it runs later',
      tasks: [task('a', { depends_on: ['b'] }), reading('b', 'tasks.a.output')],
      says: '`b` reads the output of `a`, which runs after it. `a` depends on `b`: turn the dependency round',
    },
    {
      title: 'it is itself',
      tasks: [reading('b', 'tasks.b.output')],
      says: '`b` reads its own output, before it has one.',
    },
    {
      title: 'it is inside of it',
      tasks: [group('g', reading('b', 'tasks.g.output'))],
      says: '`b` reads the output of the group `g`, which it is inside of.',
    },
    {
      title: 'it is a member of another group',
      tasks: [group('g', task('m')), reading('b', 'tasks.m.output', { depends_on: ['g'] })],
      says: '`b` names `m`, which is inside of the group `g`. write `tasks.g.output.m`',
    },
    {
      title: 'it is a member of a group that comes at any time',
      tasks: [group('g', task('m')), reading('b', 'tasks.m.output')],
      says: '`b` names `m`, which is inside of the group `g`. write `tasks.g.output.m`, and let `b` depend on the group `g`',
    },
    {
      title: 'it is a member further down, with signs in its name',
      tasks: [
        group('o', group('g-1', group('h', task('m-1'))), reading('b', 'tasks["m-1"].output', { depends_on: ['g-1'] })),
      ],
      says: '`b` names `m-1`, which is inside of the group `g-1`. write `tasks["g-1"].output.h["m-1"]`',
    },
  ])('is told what to write: $title', ({ tasks, says }) => {
    expect(found({ tasks })).toEqual([says]);
  });
});

describe('the names that an expression knows', () => {
  const each = { for_each: { items: [1, 2] } };

  it.each([
    { where: 'the input of a call', task: task('b', { ...each, input: '${ [item, index] }' }) },
    {
      where: 'the input of a child of a call',
      task: { id: 'b', workflow: { name: 'w2', input: { x: '${ [item, index] }' } }, ...each },
    },
    { where: 'the input of an instance', task: task('b', { parallel: true, input: '${ index }' }) },
    { where: 'the condition of an instance', task: task('b', { parallel: true, when: '${ index > 0 }' }) },
  ])('are its own in $where', ({ task: it }) => {
    expect(found({ tasks: [it] })).toEqual([]);
  });

  it.each([
    { where: 'the condition of a task with calls', task: task('b', { ...each, when: '${ index > 0 }' }) },
    { where: 'the items', task: task('b', { for_each: { items: '${ [index] }', max_items: 2 } }) },
    { where: 'the input of a single task', task: task('b', { input: '${ index }' }) },
    { where: 'the input of a single child', task: { id: 'b', workflow: { name: 'w2', input: { x: '${ index }' } } } },
  ])('are not there in $where', ({ task: it }) => {
    expect(found({ tasks: [it] })).toHaveLength(1);
  });
});
