import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printScenario, randomScenarioOf, wholeLanguage, type Scenario } from '../../simulation/index.ts';
import { playScenario } from './play-scenario.ts';
import type { Storm } from './weather.ts';

const RUNS = Number(process.env['SKEIN_PROPERTY_RUNS'] ?? 40);
const TIMEOUT = 60_000 + RUNS * 4_000;
const ends = ['succeeded', 'failed', 'cancelled'];

/** The same workflow, its agents called seldom. Nothing takes a month: what waits for so long waits for nothing. */
function limited(scenario: Scenario, calls: number): Scenario {
  const { workflow } = scenario.document;
  const agents = Object.entries(workflow.agents ?? {}).map(([name, agent]) => [
    name,
    { ...agent, rate_limit: { calls, per: 3 } },
  ]);
  const document = { workflow: { ...workflow, timeout: '30d', agents: Object.fromEntries(agents) as object } };
  return { ...scenario, document: document as Scenario['document'] };
}

/** How many tasks had to wait for their turn in all the runs. */
async function played(storm: Omit<Storm, 'seed'>, finds: boolean): Promise<number> {
  let waited = 0;
  const scenario = fc
    .tuple(randomScenarioOf(wholeLanguage), fc.integer({ min: 1, max: 3 }))
    .map(([it, calls]) => limited(it, calls));
  await fc.assert(
    fc.asyncProperty(scenario, fc.nat(), async (scenario, seed) => {
      const { view, violations, deployment } = await playScenario(scenario, { ...storm, seed });
      const events = await deployment.stores.ledger.listEvents(view.execution);
      waited += events.filter((event) => event.type === 'task.parked' && event.data.cause.kind === 'rate').length;
      const complaints = [
        ...(ends.includes(view.status) ? [] : [`it ended ${view.status}`]),
        ...violations.map((violation) => JSON.stringify(violation)),
        ...deployment.stepFunctions.running().map((name) => `machine ${name} still runs`),
        ...(finds ? [] : deployment.finds.map((find) => `the sweeper found ${find}`)),
      ];
      if (complaints.length > 0) throw new Error([...complaints, printScenario(scenario)].join('\n'));
    }),
    { numRuns: RUNS },
  );
  return waited;
}

describe('rate limits of a deployment', () => {
  it(
    `let ${RUNS} random workflows end in calm weather, hold, and leave the sweeper nothing to find`,
    async () => {
      expect(await played({ twice: 0, late: 0, lost: 0, deaths: 0 }, false)).toBeGreaterThan(0);
    },
    TIMEOUT,
  );

  it(
    `let ${RUNS} random workflows end and hold whose messages come twice, late and never, by functions that die`,
    async () => {
      expect(await played({ twice: 0.3, late: 0.3, lost: 0.3, deaths: 0.1 }, true)).toBeGreaterThan(0);
    },
    TIMEOUT,
  );
});
