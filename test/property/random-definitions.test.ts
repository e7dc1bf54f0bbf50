import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomScenario } from '../makers/random-workflow.ts';
import { printScenario, type Scenario } from '../makers/scenario.ts';
import { runSimulated } from '../makers/simulated-engine.ts';
import { allows } from './allows.ts';
import kept from './kept-seeds.json' with { type: 'json' };
import { reference } from './reference.ts';

const RUNS = Number(process.env['SKEIN_PROPERTY_RUNS'] ?? 1_000);
/** Milliseconds; most of it is room to shrink a failing definition on a busy machine. */
const TIMEOUT = 300_000 + RUNS * 100;

/** A seed proves nothing once the generator has changed, so the shrunk scenario is kept beside it. */
interface Kept {
  readonly seed: number;
  readonly why: string;
  readonly scenario: Scenario;
}

/** What is wrong, what was seen, and one way in which it might have gone, in a form that can be kept. */
async function judge(scenario: Scenario): Promise<string | undefined> {
  const observed = await runSimulated(scenario);
  const violations = allows(scenario, observed);
  if (violations.length === 0) return undefined;
  const expected = reference(scenario);
  return [
    ...violations,
    '',
    printScenario(scenario),
    `observed: ${JSON.stringify(observed)}`,
    `one right way: ${JSON.stringify(expected)}`,
    `to keep it, with the seed, in kept-seeds.json: ${JSON.stringify({ why: violations[0], scenario })}`,
  ].join('\n');
}

describe('the compiler and the embedded engine', () => {
  // JSON widens literals to strings; what stands there was printed from a Scenario.
  it.each(kept as unknown as readonly Kept[])(
    'agree with the reference, as once they did not: $why',
    async ({ scenario }) => {
      expect(await judge(scenario)).toBeUndefined();
    },
  );

  it(
    `agree with the reference on ${RUNS} random definitions`,
    async () => {
      const property = fc.asyncProperty(randomScenario, async (scenario) => {
        const complaint = await judge(scenario);
        if (complaint !== undefined) throw new Error(complaint);
      });

      await fc.assert(property, { numRuns: RUNS });
    },
    TIMEOUT,
  );
});
