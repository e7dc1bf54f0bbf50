import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomScenario } from '../makers/random-workflow.ts';
import { printScenario, type PolicyDocument, type Scenario, type TaskDocument } from '../makers/scenario.ts';
import { seededFreedom } from '../makers/seeded-freedom.ts';
import { allows } from './allows.ts';
import { plantedLies } from './planted-lies.ts';
import { plantedMisreadings, plantedRules } from './planted-rules.ts';
import { firstComesFirst, reference } from './reference.ts';

const steady = (policy: TaskDocument['retry_policy']): TaskDocument['retry_policy'] =>
  typeof policy === 'object' ? { ...policy, jitter: 'none' } : policy === 'exponential_backoff' ? 'none' : policy;

/** The same tasks where nothing stops, nobody waits for a place and no delay is drawn: little is left to chance. */
function calm(scenario: Scenario): Scenario {
  const { workflow } = scenario.document;
  const tasks = workflow.tasks.map((task) => ({ ...task, retry_policy: steady(task.retry_policy) }));
  const policies: Record<string, PolicyDocument> = workflow.retry_policies ?? {};
  return {
    ...scenario,
    cancelAt: undefined,
    document: {
      workflow: {
        ...workflow,
        tasks,
        retry_policies: policies,
        timeout: '24h',
        concurrency: undefined,
        defaults: { retry_policy: policies['quick'] ? 'quick' : 'none' },
        fault_tolerance: { on_failure: 'continue' },
      },
    },
  };
}

const calmScenario = randomScenario.map(calm);

const calmScenarios = fc.sample(calmScenario, { numRuns: 200, seed: 7 });
const calmWays = calmScenarios.map((scenario) => reference(scenario));
const stormyScenarios = fc.sample(randomScenario, { numRuns: 300, seed: 8 });
const stormyWays = stormyScenarios.map((scenario) => reference(scenario));

describe('allows', () => {
  it('accepts every way in which the reference may go', () => {
    fc.assert(
      fc.property(randomScenario, fc.integer(), (scenario, seed) => {
        expect(allows(scenario, reference(scenario, seededFreedom(seed))), printScenario(scenario)).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it.each(Object.entries(plantedLies))('notices %s', (_title, lie) => {
    fc.assert(
      fc.property(calmScenario, fc.nat(), (scenario, pick) => {
        const told = lie(reference(scenario), pick);
        fc.pre(told !== undefined);

        expect(allows(scenario, told), printScenario(scenario)).not.toEqual([]);
      }),
      { numRuns: 50, maxSkipsPerRun: 1_000 },
    );
  });

  it.each(Object.entries(plantedRules))('notices an engine for which %s', (_title, rules) => {
    const wrong = calmScenarios.map((scenario) => ({
      scenario,
      observed: reference(scenario, firstComesFirst, rules),
    }));
    const noticed = wrong.filter(({ scenario, observed }) => allows(scenario, observed).length > 0);
    const different = wrong.filter(({ observed }, index) => !isDeepStrictEqual(observed, calmWays[index]));

    expect(noticed.length).toBeGreaterThan(0);
    expect(noticed).toEqual(different);
  });

  it.each(Object.entries(plantedMisreadings))('notices an engine that %s', (_title, misread) => {
    const wrong = stormyScenarios.map((scenario) => ({ scenario, observed: reference(misread(scenario)) }));
    const noticed = wrong.filter(({ scenario, observed }) => allows(scenario, observed).length > 0);
    const different = wrong.filter(({ observed }, index) => !isDeepStrictEqual(observed, stormyWays[index]));

    expect(noticed.length).toBeGreaterThan(0);
    expect(noticed.length, `of ${different.length}`).toBeGreaterThanOrEqual(0.9 * different.length);
  });
});
