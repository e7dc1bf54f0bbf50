import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../core/json/index.ts';
import { link, lower, measure, type Machine } from '../../../statemachines/index.ts';
import type { Block, Plan } from '../../../core/plan/index.ts';
import { plannedGraph } from '../../makers/planned.ts';
import { smallPlan } from '../../makers/small-plan.ts';
import { randomGraph } from '../../makers/task-graph.ts';
import { createMachineStage } from './machine-stage.ts';

const targets = {
  begin: 'begin',
  dispatch: 'dispatch',
  conclude: 'conclude',
  tenant: 't',
  workflow: 'w',
  version: '1',
};

/** Runs a machine whose tasks all succeed while loops are left at once; or all fail while loops go on. Counts what it recorded. */
async function eventsOf(machine: Machine, extreme: 'best' | 'worst'): Promise<number> {
  const answer = (token: unknown, step: unknown): void => {
    if (step === 'iterate') stage.interpreter.sendTaskSuccess(token as string, { again: extreme === 'worst' });
    else if (extreme === 'best') stage.interpreter.sendTaskSuccess(token as string, {});
    else stage.interpreter.sendTaskFailure(token as string, 'TaskFailed', 'no');
  };
  const stage = createMachineStage({
    functions: {
      begin: () => ({}),
      dispatch: ({ token, step }: JsonObject) => {
        answer(token, step);
        return {};
      },
      conclude: ({ token }: JsonObject) => {
        const output = { status: extreme === 'best' ? 'failed' : 'succeeded', cause: 'no' };
        stage.interpreter.sendTaskSuccess(token as string, output);
        return {};
      },
    },
  });
  return (await stage.run(link(machine, targets))).history.length;
}

describe('measure', () => {
  it('counts the events that the interpreter records, for any graph with loops, at best and at worst', async () => {
    const graphs = fc.tuple(randomGraph(12), fc.dictionary(fc.constantFrom('0', '3'), fc.integer({ min: 1, max: 3 })));
    await fc.assert(
      fc.asyncProperty(graphs, fc.integer({ min: 1, max: 4 }), async ([graph, fanOuts], iterations) => {
        const machine = lower(inLoop(plannedGraph(graph, { fanOuts }), iterations));
        const figures = new Map(measure(machine).figures.map(({ name, value }) => [name, value]));

        expect(figures.get('history, at best')).toBe(await eventsOf(machine, 'best'));
        expect(figures.get('history')).toBe(await eventsOf(machine, 'worst'));
      }),
      { numRuns: 40 },
    );
  });
});

/** The same tasks, and the same again as the body of a loop beside them. */
function inLoop(plan: Plan, maxIterations: number): Plan {
  const body = plan.tasks.map((it) => ({ ...it, id: `${it.id}-again`, container: 'loop' }));
  const renamed = (block: Block): Block =>
    block.kind === 'task'
      ? { kind: 'task', task: `${block.task}-again` }
      : { kind: block.kind, blocks: block.blocks.map(renamed) };
  const [loop] = smallPlan({ loop: { loop: { maxIterations, tasks: {} } } }).tasks;
  if (loop?.kind !== 'loop') throw new Error('a loop is a loop');
  const region = { ...loop.region, skeleton: renamed(plan.skeleton) };
  return {
    ...plan,
    tasks: [...plan.tasks, { ...loop, region }, ...body],
    skeleton: { kind: 'parallel', blocks: [plan.skeleton, { kind: 'task', task: 'loop' }] },
  };
}
