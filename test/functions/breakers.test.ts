import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printScenario, randomScenarioOf, wholeLanguage, type Scenario } from '../../simulation/index.ts';
import { playScenario } from './play-scenario.ts';
import type { Storm } from './weather.ts';

const RUNS = Number(process.env['SKEIN_PROPERTY_RUNS'] ?? 40);
const TIMEOUT = 60_000 + RUNS * 4_000;
const ends = ['succeeded', 'failed', 'cancelled'];

/** The same workflow, its agents behind breakers that open early. Nothing takes a month: what waits for so long waits for nothing. */
function behindBreakers(scenario: Scenario, whenOpen: 'fail' | 'wait'): Scenario {
  const { workflow } = scenario.document;
  const circuit_breaker = { failure_threshold: 2, success_threshold: 1, timeout_seconds: 7, when_open: whenOpen };
  const fault_tolerance = { ...workflow.fault_tolerance, circuit_breaker };
  return { ...scenario, document: { workflow: { ...workflow, timeout: '30d', fault_tolerance } } };
}

/** How many breakers opened in all the runs. */
async function played(storm: Omit<Storm, 'seed'>, finds: boolean): Promise<number> {
  let opened = 0;
  const scenario = fc
    .tuple(randomScenarioOf(wholeLanguage), fc.constantFrom('fail' as const, 'wait' as const))
    .map(([it, whenOpen]) => behindBreakers(it, whenOpen));
  await fc.assert(
    fc.asyncProperty(scenario, fc.nat(), async (scenario, seed) => {
      const { view, violations, deployment } = await playScenario(scenario, { ...storm, seed });
      const events = await deployment.stores.ledger.listEvents(view.execution);
      opened += events.filter(({ type }) => type === 'breaker.opened').length;
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
  return opened;
}

describe('breakers of a deployment', () => {
  it(
    `let ${RUNS} random workflows end in calm weather, and leave the sweeper nothing to find`,
    async () => {
      expect(await played({ twice: 0, late: 0, lost: 0, deaths: 0 }, false)).toBeGreaterThan(0);
    },
    TIMEOUT,
  );

  it(
    `let ${RUNS} random workflows end whose messages come twice, late and never, by functions that die`,
    async () => {
      expect(await played({ twice: 0.3, late: 0.3, lost: 0.3, deaths: 0.1 }, true)).toBeGreaterThan(0);
    },
    TIMEOUT,
  );
});
