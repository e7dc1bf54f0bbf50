import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withPauses, randomScenarioOf, wholeLanguage, printScenario, type Scenario } from '../../simulation/index.ts';
import { withCommit } from '../makers/mortality.ts';
import { liveAndDie } from './mortal-process.ts';

const RUNS = Number(process.env['SKEIN_PROPERTY_RUNS'] ?? 300);

/** Nothing takes a month: an execution that comes to its timeout has waited for something that nobody was going to do. */
function withoutTimeout(scenario: Scenario): Scenario {
  return { ...scenario, document: { workflow: { ...scenario.document.workflow, timeout: '30d' } } };
}

const ends = ['succeeded', 'failed', 'cancelled'];

describe('EmbeddedRuntime.resume', () => {
  it(
    `ends ${RUNS} random workflows whose processes die, and breaks no promise`,
    async () => {
      const deaths = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 3 });
      const property = fc.asyncProperty(
        fc.oneof(randomScenarioOf(wholeLanguage), withPauses(randomScenarioOf(wholeLanguage))).map(withoutTimeout),
        deaths,
        async (scenario, lastCommits) => {
          const { view, violations } = await liveAndDie(scenario, { deaths: lastCommits.map(withCommit) });
          if (violations.length === 0 && ends.includes(view.status)) return;
          throw new Error(`${view.status} ${JSON.stringify(violations, null, 2)}\n${printScenario(scenario)}`);
        },
      );

      await expect(fc.assert(property, { numRuns: RUNS })).resolves.toBeUndefined();
    },
    60_000 + RUNS * 200,
  );
});
