import { describe, expect, it } from 'vitest';
import type { PublishedWorkflow } from '../../core/ports/index.ts';
import { createPartMachines, partName } from '../../local/part-machines.ts';
import { smallPlan } from '../makers/small-plan.ts';

const workflow: PublishedWorkflow = {
  name: 'review',
  version: '1',
  digest: 'd',
  plan: smallPlan({}),
  machine: {},
  parts: [{ StartAt: 'a' }, { StartAt: 'b' }],
  agentTypes: {},
  publishedAt: 0,
};

describe('createPartMachines', () => {
  it('finds the parts of a workflow by the names that link writes', () => {
    const parts = createPartMachines();
    parts.hold(workflow);

    expect(parts.find(partName(workflow, 1))).toEqual({ machine: { StartAt: 'b' }, machineName: 'review-1-1' });
    expect(parts.find(partName(workflow, 2))).toBeUndefined();
    expect(parts.find(partName({ ...workflow, version: '2' }, 1))).toBeUndefined();
  });

  it('keeps them until the last execution that may start them lets go', () => {
    const parts = createPartMachines();
    const [first, second] = [parts.hold(workflow), parts.hold(workflow)];

    first();
    expect(parts.find(partName(workflow, 0))).toBeDefined();

    second();
    expect(parts.find(partName(workflow, 0))).toBeUndefined();
  });

  it('holds nothing of a workflow of one machine', () => {
    const { parts: _parts, ...whole } = workflow;

    expect(() => createPartMachines().hold(whole)()).not.toThrow();
  });
});
