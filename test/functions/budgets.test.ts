import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printScenario, randomScenarioOf, wholeLanguage, type Scenario } from '../../simulation/index.ts';
import { playScenario } from './play-scenario.ts';
import type { Storm } from './weather.ts';

const RUNS = Number(process.env['SKEIN_PROPERTY_RUNS'] ?? 40);
const TIMEOUT = 60_000 + RUNS * 4_000;
const ends = ['succeeded', 'failed', 'cancelled'];

const cost = { usd: 0.1, tokens: 1_000 };

/** The same workflow with a budget that a few calls use up. Nothing takes a month: what waits for so long waits for nothing. */
function withBudget(scenario: Scenario, usd: number): Scenario {
  const { workflow } = scenario.document;
  const agentTypes = Object.fromEntries(
    Object.entries(scenario.agentTypes).map(([name, type]) => [name, { ...type, cost }]),
  );
  return {
    ...scenario,
    agentTypes,
    document: { workflow: { ...workflow, timeout: '30d', budget: { usd, tokens: 20_000 } } },
  };
}

/** How many tasks were refused, and how many had to wait, in all the runs. */
async function played(storm: Omit<Storm, 'seed'>, finds: boolean) {
  const seen = { refused: 0, waited: 0 };
  const scenario = fc
    .tuple(randomScenarioOf(wholeLanguage), fc.constantFrom(0.1, 0.3, 1))
    .map(([it, usd]) => withBudget(it, usd));
  await fc.assert(
    fc.asyncProperty(scenario, fc.nat(), async (it, seed) => {
      const { view, violations, deployment } = await playScenario(it, { ...storm, seed });
      const events = await deployment.stores.ledger.listEvents(view.execution);
      seen.refused += events.filter(({ type }) => type === 'budget.exceeded').length;
      seen.waited += events.filter(
        (event) => event.type === 'task.parked' && event.data.cause.kind === 'budget',
      ).length;
      const complaints = [
        ...(ends.includes(view.status) ? [] : [`it ended ${view.status}`]),
        ...violations.map((violation) => JSON.stringify(violation)),
        ...deployment.stepFunctions.running().map((name) => `machine ${name} still runs`),
        ...(finds ? [] : deployment.finds.map((find) => `the sweeper found ${find}`)),
      ];
      if (complaints.length > 0) throw new Error([...complaints, printScenario(it)].join('\n'));
    }),
    { numRuns: RUNS },
  );
  return seen;
}

describe('budgets of a deployment', () => {
  it(
    `let ${RUNS} random workflows end in calm weather, with accounts that say what the events say`,
    async () => {
      const { refused, waited } = await played({ twice: 0, late: 0, lost: 0, deaths: 0 }, false);

      expect(refused).toBeGreaterThan(0);
      expect(waited).toBeGreaterThan(0);
    },
    TIMEOUT,
  );

  it(
    `hold for ${RUNS} random workflows whose messages come twice, late and never, by functions that die`,
    async () => {
      const { refused } = await played({ twice: 0.3, late: 0.3, lost: 0.3, deaths: 0.1 }, true);

      expect(refused).toBeGreaterThan(0);
    },
    TIMEOUT,
  );
});
