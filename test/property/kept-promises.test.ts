import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { verifyHistory } from '../../core/projections/index.ts';
import { createReader } from '../../local/index.ts';
import { withPauses, randomScenarioOf, wholeLanguage, printScenario, type Scenario } from '../../simulation/index.ts';
import { simulate } from '../makers/simulated-engine.ts';

const RUNS = Math.ceil(Number(process.env['SKEIN_PROPERTY_RUNS'] ?? 1_000) / 10);
/** Milliseconds; most of it is room to shrink a failing definition on a busy machine. */
const TIMEOUT = 300_000 + RUNS * 100;

/** The broken promises of an execution and of the children that it started, as they stand in the end and at some moments before. */
async function brokenPromises(scenario: Scenario): Promise<readonly unknown[]> {
  const { stores, execution } = await simulate(scenario).catch(ignoreRefused);
  const reader = createReader(stores, () => true);
  const tasks = await stores.ledger.listTasks(execution);
  const broken: unknown[] = [];
  for (const id of [execution, ...tasks.flatMap(({ child }) => child ?? [])]) {
    const events = await reader.events(id);
    const plan = await reader.plan(id);
    const beginnings = [0.25, 0.5, 0.75].map((share) => events.slice(0, Math.ceil(events.length * share)));
    broken.push(...(await reader.verify(id)), ...beginnings.flatMap((some) => verifyHistory({ events: some, plan })));
  }
  return broken;
}

/** A document that validation refuses runs nothing: it is for the tests of the generator. */
function ignoreRefused(error: unknown): never {
  fc.pre(!(error instanceof Error && error.message.startsWith('VAL')));
  throw error;
}

describe('verifyHistory', () => {
  it(
    `finds every promise kept by ${RUNS} random executions of the whole language`,
    async () => {
      const scenarios = randomScenarioOf(wholeLanguage);
      const property = fc.asyncProperty(fc.oneof(scenarios, withPauses(scenarios)), async (scenario) => {
        const broken = await brokenPromises(scenario);
        if (broken.length > 0) throw new Error(`${JSON.stringify(broken.slice(0, 5))}\n${printScenario(scenario)}`);
      });

      await expect(fc.assert(property, { numRuns: RUNS })).resolves.toBeUndefined();
    },
    TIMEOUT,
  );
});
