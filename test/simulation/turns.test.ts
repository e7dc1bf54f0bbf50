import { describe, expect, it } from 'vitest';
import { compileScenario } from '../../simulation/index.ts';
import { oddsOf } from '../../simulation/nemesis.ts';
import { play } from '../../simulation/play.ts';
import { standIns } from '../../simulation/stand-ins.ts';
import { aScenario, aTask, aWorkflow } from '../makers/small-scenario.ts';

const SEEDS = 24;

/** Eight executions of a workflow that has two at once, and one for each remainder of its item. */
function openScenario(on_limit: 'queue' | 'reject') {
  const concurrency = { max_executions: 2, key: '${ string(input.item % 3.0) }', on_limit };
  const leaf = aWorkflow('leaf', [aTask('one')], { concurrency, input: { type: 'object' } });
  const items = Array.from({ length: 8 }, (_, item) => item);
  return compileScenario(
    aScenario({
      tasks: [
        {
          id: 'sweep',
          workflow: { name: 'leaf', input: { item: '${ item }' } },
          for_each: { items, max_items: 8, max_concurrency: 8, tolerate_failures: 8 },
        },
        aTask('end', { depends_on: ['sweep'] }),
      ],
      children: [leaf],
    }),
  );
}

describe('executions that wait for their turn, simulated with all faults', () => {
  it.each(['queue', 'reject'] as const)('keep every promise with on_limit: %s', async (onLimit) => {
    const { own, children } = openScenario(onLimit);
    let queued = 0;
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      const what = { workflows: [...children, own], input: {}, commands: [], agents: standIns(seed, own) };
      const run = await play(what, { seed, odds: oddsOf(seed) });
      expect(run.broken, `seed ${seed}`).toEqual([]);
      queued += run.trace.filter((line) => line.includes('workflow.status_changed')).length;
    }
    expect(queued).toBeGreaterThan(SEEDS);
  });
});
