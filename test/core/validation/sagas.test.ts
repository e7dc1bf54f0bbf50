import { describe, expect, it } from 'vitest';
import { findingsOn, withCode } from '../../makers/findings.ts';

const found = (keys: object, task: object): readonly string[] =>
  withCode(findingsOn({ ...keys, tasks: [{ id: 'a', agent: 'worker', ...task }] }), 'VAL232').map(
    ({ message }) => message,
  );

const compensate = { agent: 'worker' };
const saga = (saga_pattern: object) => ({ fault_tolerance: { saga_pattern } });

describe('what belongs to a saga', () => {
  it.each([
    { title: 'there is no saga', keys: {} },
    { title: 'the saga is off', keys: saga({ compensation_enabled: false }) },
  ])('means nothing where $title', ({ keys }) => {
    const says = (key: string) => [`\`a\` has \`${key}\`, and the workflow has no saga that would act on it.`];

    expect(found(keys, { compensate })).toEqual(says('compensate'));
    expect(found(keys, { pivot: true })).toEqual(says('pivot'));
    expect(found(keys, { pivot: false })).toEqual([]);
  });

  it.each([saga({ compensation_enabled: true }), saga({})])('is fine with a saga that is on: %j', (keys) => {
    expect(found(keys, { compensate, compensate_on_failure: true })).toEqual([]);
    expect(found(keys, { pivot: true })).toEqual([]);
  });

  it('says how to undo what it would undo', () => {
    expect(found(saga({}), { compensate_on_failure: true })).toEqual([
      '`a` is to be compensated when it failed, and says nothing that would undo it.',
    ]);
  });
});

describe('a pivot', () => {
  const found = (tasks: readonly object[]) =>
    withCode(findingsOn({ ...saga({}), tasks }), 'VAL243').map(({ path, message }) => `${path}: ${message}`);
  const pivot = { id: 'in', agent: 'worker', pivot: true };

  it('is done once: not inside of a loop, however deep', () => {
    const message = '`in` is done once in each iteration: inside of a loop there is no pivot.';

    expect(found([{ id: 'l', loop: { max_iterations: 2, tasks: [pivot] } }])).toEqual([
      `workflow.tasks[0].loop.tasks[0].pivot: ${message}`,
    ]);
    expect(found([{ id: 'l', loop: { max_iterations: 2, tasks: [{ id: 'g', group: { tasks: [pivot] } }] } }])).toEqual([
      `workflow.tasks[0].loop.tasks[0].group.tasks[0].pivot: ${message}`,
    ]);
    expect(found([{ id: 'l', loop: { max_iterations: 2, tasks: [{ ...pivot, pivot: false }] } }])).toEqual([]);
  });

  it('may be in a group', () => {
    expect(found([{ id: 'g', group: { tasks: [pivot] } }])).toEqual([]);
  });
});
