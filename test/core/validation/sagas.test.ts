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
