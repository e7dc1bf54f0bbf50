import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../core/json/index.ts';
import { link, lower, measure, type Machine } from '../../../statemachines/index.ts';
import { plannedGraph } from '../../makers/planned.ts';
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

/** Runs a machine whose tasks all succeed, or all fail, and counts what it recorded. */
async function eventsOf(machine: Machine, allFail: boolean): Promise<number> {
  const answer = (token: unknown): void => {
    if (allFail) stage.interpreter.sendTaskFailure(token as string, 'TaskFailed', 'no');
    else stage.interpreter.sendTaskSuccess(token as string, {});
  };
  const stage = createMachineStage({
    functions: {
      begin: () => ({}),
      dispatch: ({ token }: JsonObject) => {
        answer(token);
        return {};
      },
      conclude: ({ token }: JsonObject) => {
        const output = { status: allFail ? 'failed' : 'succeeded', cause: 'no' };
        stage.interpreter.sendTaskSuccess(token as string, output);
        return {};
      },
    },
  });
  return (await stage.run(link(machine, targets))).history.length;
}

describe('measure', () => {
  it('counts the events that the interpreter records, for any graph and both ways to end', async () => {
    const graphs = fc.tuple(randomGraph(12), fc.dictionary(fc.constantFrom('0', '3'), fc.integer({ min: 1, max: 3 })));
    await fc.assert(
      fc.asyncProperty(graphs, async ([graph, fanOuts]) => {
        const machine = lower(plannedGraph(graph, { fanOuts }));
        const figures = new Map(measure(machine).figures.map(({ name, value }) => [name, value]));

        expect(figures.get('history')).toBe(await eventsOf(machine, false));
        expect(figures.get('history, all failing')).toBe(await eventsOf(machine, true));
      }),
      { numRuns: 40 },
    );
  });
});
