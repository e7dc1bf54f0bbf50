import { describe, expect, it } from 'vitest';
import { indexPlan } from '../../../core/execution/index.ts';
import { taskPath } from '../../../core/ids/index.ts';
import { smallPlan } from '../../makers/small-plan.ts';

const index = indexPlan(
  smallPlan({
    clone: {},
    lint: { after: ['clone'] },
    scan: { after: ['clone'], fanOut: 2 },
    report: { after: ['lint', 'scan'] },
  }),
);

describe('indexPlan', () => {
  it("finds a task by its path, and an item's by its fan-out's", () => {
    expect(['lint', 'scan', 'scan[1]'].map((path) => index.taskAt(taskPath(path)).id)).toEqual([
      'lint',
      'scan',
      'scan',
    ]);
  });

  it.each(['nobody', 'nobody[1]', ''])('refuses the foreign path %j', (path) => {
    expect(() => index.taskAt(taskPath(path))).toThrow(expect.objectContaining({ code: 'foreign_path' }));
  });

  it('knows all that is upstream of a task, near and far', () => {
    expect([...index.upstreamOf('report')].toSorted()).toEqual(['clone', 'lint', 'scan']);
    expect([...index.upstreamOf('clone')]).toEqual([]);
    expect(index.upstreamOf('report')).toBe(index.upstreamOf('report'));
  });

  it('knows who depends on a task, and on which nobody does', () => {
    expect(index.dependentsOf('clone')).toEqual(['lint', 'scan']);
    expect(index.dependentsOf('report')).toEqual([]);
    expect(index.sinks).toEqual(['report']);
  });
});
