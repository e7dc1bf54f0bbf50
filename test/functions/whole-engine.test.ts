import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomScenarioOf, wholeLanguage } from '../makers/random-workflow.ts';
import { printScenario, type Scenario } from '../makers/scenario.ts';
import { playScenario } from './play-scenario.ts';
import type { Storm } from './weather.ts';

const RUNS = Number(process.env['SKEIN_PROPERTY_RUNS'] ?? 60);

const calm = { twice: 0, late: 0, lost: 0, deaths: 0 } as const;

/** Nothing takes a month: an execution that comes to its timeout has waited for something that nobody was going to do. */
function withoutTimeout(scenario: Scenario): Scenario {
  return { ...scenario, document: { workflow: { ...scenario.document.workflow, timeout: '30d' } } };
}

const ends = ['succeeded', 'failed', 'cancelled'];

/** `finds`: whether the sweeper may find anything. */
function property(storm: Omit<Storm, 'seed'>, finds: boolean) {
  const scenarios = randomScenarioOf(wholeLanguage).map(withoutTimeout);
  return fc.asyncProperty(scenarios, fc.nat(), async (scenario, seed) => {
    const { view, violations, deployment } = await playScenario(scenario, { ...storm, seed });
    const complaints = [
      ...(ends.includes(view.status) ? [] : [`it ended ${view.status}`]),
      ...violations.map((violation) => JSON.stringify(violation)),
      ...deployment.stepFunctions.running().map((name) => `machine ${name} still runs`),
      ...(finds ? [] : deployment.finds.map((find) => `the sweeper found ${find}`)),
    ];
    if (complaints.length > 0) throw new Error([...complaints, printScenario(scenario)].join('\n'));
  });
}

describe('the functions of a deployment', () => {
  it(
    `end ${RUNS} random workflows in calm weather`,
    async () => {
      await expect(fc.assert(property(calm, false), { numRuns: RUNS })).resolves.toBeUndefined();
    },
    60_000 + RUNS * 2_000,
  );

  it(
    `end ${RUNS} random workflows whose messages come twice, late and never, by functions that die`,
    async () => {
      const storm = { twice: 0.3, late: 0.3, lost: 0.3, deaths: 0.1 };

      await expect(fc.assert(property(storm, true), { numRuns: RUNS })).resolves.toBeUndefined();
    },
    60_000 + RUNS * 4_000,
  );
});
