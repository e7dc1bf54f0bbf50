import { describe, expect, it } from 'vitest';
import { findingsOn, withCode } from '../../makers/findings.ts';

const found = (keys: object) => withCode(findingsOn({ tasks: [{ id: 'z', agent: 'worker' }], ...keys }), 'VAL218');
const said = (keys: object) =>
  found(keys).map(({ message }) => message.replace(' is known, but not executed by this version.', ''));

describe('what this version does not execute', () => {
  it.each([
    { keys: { orchestration_pattern: 'graph' }, says: [] },
    { keys: { orchestration_pattern: 'swarm' }, says: ['`orchestration_pattern: swarm`'] },
    { keys: { fault_tolerance: { on_failure: 'continue' } }, says: [] },
    { keys: { fault_tolerance: { on_failure: 'pause' } }, says: ['`on_failure: pause`'] },
    { keys: { fault_tolerance: { saga_pattern: { rollback_on_failure: true } } }, says: [] },
    {
      keys: { fault_tolerance: { saga_pattern: { rollback_on_failure: false } } },
      says: ['`rollback_on_failure: false`'],
    },
  ])('is named by its key, or by the value that it has: $keys', ({ keys, says }) => {
    expect(said(keys)).toEqual(says);
  });

  it('is named once, with ten more of its places', () => {
    const task = (n: number) => ({ id: `t${n}`, agent: 'worker', secrets: ['x'] });
    const [finding, ...others] = found({ tasks: Array.from({ length: 12 }, (_, n) => task(n)) });

    expect(finding?.path).toBe('workflow.tasks[0].secrets');
    expect(finding?.related?.map(({ path }) => path)).toEqual(
      Array.from({ length: 10 }, (_, n) => `workflow.tasks[${n + 1}].secrets`),
    );
    expect(others).toEqual([]);
  });

  it('is found in all regions', () => {
    const agents = { x: { type: 'worker' } };
    const tasks = [{ id: 'g', group: { tasks: [{ id: 'a', agent: 'x', effect: 'write' }] } }];

    expect(found({ agents, tasks }).map(({ path }) => path)).toEqual(['workflow.tasks[0].group.tasks[0].effect']);
  });
});
