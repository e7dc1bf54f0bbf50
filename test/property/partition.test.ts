import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { partition } from '../../statemachines/index.ts';
import { type Press, randomScenario, printScenario, type Scenario } from '../../simulation/index.ts';
import { simulate } from '../makers/simulated-engine.ts';
import { allows } from './allows.ts';
import type { Observed } from './observed.ts';

const RUNS = Number(process.env['SKEIN_PARTITION_RUNS'] ?? 200);
/** Milliseconds; most of it is room to shrink a failing definition on a busy machine. */
const TIMEOUT = 120_000 + RUNS * 600;

interface Room {
  readonly raw: number;
  readonly events: number;
}

/** So little room that a few tasks make several machines. */
const room: fc.Arbitrary<Room> = fc.record({
  raw: fc.integer({ min: 5_000, max: 12_000 }),
  events: fc.integer({ min: 40, max: 120 }),
});

const pressInto =
  ({ raw, events }: Room): Press =>
  (plan) => {
    const { root, parts } = partition(plan, { raw, escaped: raw * 1.2, events });
    return { machine: root, parts };
  };

/** What must not depend on the machines: a stop cuts off whatever has not happened by then, so it is left out. */
function results({ status, output, tasks }: Observed): unknown {
  const isStopped = tasks.some((task) => task.status === 'cancelled' || task.status === 'unknown');
  const settled = tasks.map((task) => [task.path, task.status, task.attempts, JSON.stringify(task.output)].join(' '));
  return isStopped ? 'stopped' : { status, output, settled: settled.toSorted() };
}

describe('partition', () => {
  it(
    `changes nothing that an execution does, in ${RUNS} random definitions`,
    async () => {
      let parts = 0;
      const property = fc.asyncProperty(randomScenario, room, async (scenario: Scenario, own) => {
        const inOne = await simulate(scenario);
        const inParts = await simulate(scenario, pressInto(own));
        parts += inParts.compiled.parts?.length ?? 0;

        const complaints = allows(scenario, inParts.observed);

        if (complaints.length > 0) throw new Error([...complaints, printScenario(scenario)].join('\n'));
        const [one, several] = [results(inOne.observed), results(inParts.observed)];
        if (one !== 'stopped' && several !== 'stopped') expect(several).toEqual(one);
      });

      await fc.assert(property, { numRuns: RUNS });
      expect(parts).toBeGreaterThan(RUNS);
    },
    TIMEOUT,
  );
});
