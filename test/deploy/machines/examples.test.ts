import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { exampleWorkflows } from '../../makers/example-workflows.ts';
import { atOnce } from './at-once.ts';
import { runExample } from './example-run.ts';
import { createTwin, openTwinStage, outcomeOf, type TwinStage } from './twin-run.ts';

let stage: TwinStage;
beforeAll(async () => {
  stage = await openTwinStage(inject('endpoint'));
});
afterAll(() => stage.close());

const workflows = exampleWorkflows();

describe('the machines of the examples on Step Functions', () => {
  it(`end, answer and visit their states as on the interpreter, in all ${workflows.length} workflows`, async () => {
    const compared = await atOnce([...workflows.entries()], async ([number, workflow]) => {
      const twin = createTwin({ stage, tenant: `example-${number}` });
      const observed = await runExample(workflow, twin);
      const { complaints } = await twin.compare();
      const alone = await runExample(workflow);
      return { name: workflow.name, complaints, outcome: outcomeOf(observed), alone: outcomeOf(alone) };
    });

    expect(workflows.length).toBeGreaterThan(30);
    for (const { name, complaints, outcome, alone } of compared) {
      expect(complaints, name).toEqual([]);
      expect(outcome, name).toBe(alone);
    }
  }, 600_000);
});
