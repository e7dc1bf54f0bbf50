import { describe, expect, it } from 'vitest';
import { findingsOn, withCode } from '../../makers/findings.ts';

describe('a schema', () => {
  it.each([
    { where: 'of the input', keys: { input: { type: 'strnig' } }, path: 'workflow.input' },
    { where: 'of an output', task: { output: { type: 'strnig' } }, path: 'workflow.tasks[0].output' },
    {
      where: 'of a form',
      task: { checkpoint_after: { approve: { form: { type: 'strnig' } } } },
      path: 'workflow.tasks[0].checkpoint_after.approve.form',
    },
  ])('$where is JSON Schema', ({ keys = {}, task = {}, path }) => {
    const all = findingsOn({ ...keys, tasks: [{ id: 'a', agent: 'worker', ...task }] });

    expect(withCode(all, 'VAL216').map((finding) => finding.path)).toEqual([path]);
  });

  it('of a form may be missing', () => {
    const task = { id: 'a', agent: 'worker', checkpoint_after: {} };

    expect(withCode(findingsOn({ tasks: [task] }), 'VAL216')).toEqual([]);
  });
});
