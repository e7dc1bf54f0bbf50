import { describe, expect, it } from 'vitest';
import { kindsThatRead } from '../../../core/validation/index.ts';
import { findingsOn, withCode } from '../../makers/findings.ts';

const bodies = {
  workflow: { name: 'x' },
  wait: { seconds: 5 },
  emit: { event: 'e' },
  loop: { max_iterations: 2, tasks: [{ id: 'b', agent: 'worker' }] },
  group: { tasks: [{ id: 'b', agent: 'worker' }] },
};

describe('kindsThatRead', () => {
  it.each([
    { key: 'depends_on', kinds: ['agent', 'requires', 'wait', 'workflow', 'emit', 'loop', 'group'] },
    { key: 'when', kinds: ['agent', 'requires', 'wait', 'workflow', 'emit', 'loop', 'group'] },
    { key: 'timeout', kinds: ['agent', 'requires', 'workflow'] },
    { key: 'for_each', kinds: ['agent', 'requires', 'workflow'] },
    { key: 'output', kinds: ['agent', 'requires', 'workflow'] },
    { key: 'cache', kinds: ['agent', 'requires'] },
    { key: 'agent', kinds: ['agent'] },
    { key: 'loop', kinds: ['loop'] },
    { key: 'wait', kinds: ['wait'] },
  ])('knows on what `$key` means something', ({ key, kinds }) => {
    expect(kindsThatRead(key)).toEqual(kinds);
  });
});

describe('a key on a task', () => {
  const everywhere = {
    description: 'd',
    join: 'all_done',
    when: '${ input.x }',
    continue_on_failure: true,
    allow_skip: true,
    checkpoint_after: { approve: {} },
  };

  it.each([
    ...Object.keys(bodies).map((kind) => ({ kind, keys: everywhere })),
    { kind: 'workflow', keys: { for_each: { items: [1] }, output: {}, timeout: 60 } },
  ])('is fine where a $kind reads it', ({ kind, keys }) => {
    const tasks = [{ id: 'a', [kind]: bodies[kind as keyof typeof bodies], depends_on: [], ...keys }];

    expect(withCode(findingsOn({ tasks }), 'VAL219')).toEqual([]);
  });

  it.each([
    { kind: 'emit', key: 'input', value: 1, said: 'an `emit`', hint: 'write `emit: { data: … }`' },
    { kind: 'workflow', key: 'input', value: 1, said: 'a `workflow`', hint: 'write `workflow: { input: … }`' },
    { kind: 'wait', key: 'input', value: 1, said: 'a `wait`', hint: 'remove it' },
    { kind: 'wait', key: 'timeout', value: 1, said: 'a `wait`', hint: 'remove it' },
    { kind: 'loop', key: 'timeout', value: 1, said: 'a `loop`', hint: 'write it on the tasks inside' },
    { kind: 'group', key: 'retry_policy', value: 'none', said: 'a `group`', hint: 'write it on the tasks inside' },
    { kind: 'workflow', key: 'retry_policy', value: 'none', said: 'a `workflow`', hint: 'remove it' },
  ])('means nothing where $said task does not read it: $key', ({ kind, key, value, said, hint }) => {
    const tasks = [{ id: 'a', [kind]: bodies[kind as keyof typeof bodies], [key]: value }];

    expect(withCode(findingsOn({ tasks }), 'VAL219')).toMatchObject([
      { message: `\`a\` is ${said} task, and \`${key}\` means nothing there.`, path: `workflow.tasks[0].${key}`, hint },
    ]);
  });

  it.each([
    { key: 'timeout', hint: 'write `wait: { event: …, timeout: … }`' },
    { key: 'input', hint: 'write `wait: { event: …, match: … }`' },
    { key: 'heartbeat', hint: 'remove it' },
  ])('means something else for a wait for an event: $key', ({ key, hint }) => {
    const tasks = [{ id: 'a', wait: { event: 'e' }, [key]: 1 }];

    expect(withCode(findingsOn({ tasks }), 'VAL219')).toMatchObject([{ hint }]);
  });

  it.each([{ agent: 'worker' }, { requires: ['c'] }, {}, { agent: 'worker', wait: { seconds: 5 } }])(
    'means something to agents, and is left alone where a task is of no kind or of two: %j',
    (does) => {
      const tasks = [{ id: 'a', ...does, timeout: 60, retry_policy: 'none', cache: { ttl: 60 } }];

      expect(withCode(findingsOn({ tasks }), 'VAL219')).toEqual([]);
    },
  );
});
