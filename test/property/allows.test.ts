import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  withPauses,
  plainTasks,
  randomScenarioOf,
  wholeLanguage,
  printScenario,
  type PolicyDocument,
  type Scenario,
  type TaskDocument,
} from '../../simulation/index.ts';
import { seededFreedom } from '../makers/seeded-freedom.ts';
import { allows } from './allows.ts';
import type { Observed } from './observed.ts';
import { plantedLies } from './planted-lies.ts';
import { plantedMisreadings } from './planted-misreadings.ts';
import { plantedRules } from './planted-rules.ts';
import { firstComesFirst, reference } from './reference.ts';
import { reshapeTasks, reshapeWorkflows } from './reshape.ts';

const steady = (policy: string | PolicyDocument | undefined): string | PolicyDocument | undefined =>
  typeof policy === 'object' ? { ...policy, jitter: 'none' } : policy === 'exponential_backoff' ? 'none' : policy;

/** A time limit of a container or a child stops what is inside, and what was stopped may settle sooner or later: only agents have one. */
const calmTask = ({ retry_policy: policy, agent, timeout = 12 }: TaskDocument): Partial<TaskDocument> => ({
  retry_policy: steady(policy),
  timeout: agent === undefined ? undefined : timeout,
});

/** The same tasks where nothing stops, nobody waits for a place and no delay is drawn: little is left to chance. */
function calm(scenario: Scenario): Scenario {
  const patient = reshapeWorkflows(reshapeTasks(scenario, calmTask), ({ defaults, on_skip: onSkip }) => ({
    on_skip: onSkip,
    timeout: '24h',
    concurrency: undefined,
    defaults: { retry_policy: steady(defaults?.retry_policy) ?? 'none' },
    fault_tolerance: { on_failure: 'continue' },
  }));
  return { ...patient, cancelAt: undefined };
}

const calmScenario = fc.oneof(randomScenarioOf(plainTasks), randomScenarioOf(wholeLanguage)).map(calm);
const stormyScenario = fc.oneof(randomScenarioOf(plainTasks), randomScenarioOf(wholeLanguage));
const pausedScenario = withPauses(stormyScenario);

const calmScenarios = fc.sample(calmScenario, { numRuns: 250, seed: 7 });
const stormyScenarios = fc.sample(stormyScenario, { numRuns: 200, seed: 8 });
const pausedScenarios = fc.sample(pausedScenario, { numRuns: 200, seed: 9 });

/** How many scenarios a wrong engine takes another way than the reference, and how many of these are noticed. */
function noticedOf(scenarios: readonly Scenario[], wrongly: (scenario: Scenario) => Observed) {
  const seen = ({ order: _hint, ...rest }: Observed) => rest;
  const different = scenarios.filter(
    (scenario) => !isDeepStrictEqual(seen(wrongly(scenario)), seen(reference(scenario))),
  );
  const noticed = different.filter((scenario) => allows(scenario, wrongly(scenario)).length > 0);
  return { noticed: noticed.length, different: different.length };
}

describe('allows', () => {
  it('accepts every way in which the reference may go', () => {
    fc.assert(
      fc.property(fc.oneof(stormyScenario, pausedScenario), fc.integer(), (scenario, seed) => {
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
      { numRuns: 40, maxSkipsPerRun: 1_000 },
    );
  });

  // A wrong engine may by chance go a way that a right one could have gone, but seldom.
  it.each(Object.entries(plantedRules))('notices an engine for which %s', (_title, rules) => {
    const { noticed, different } = noticedOf(calmScenarios, (scenario) => reference(scenario, firstComesFirst, rules));

    expect(different).toBeGreaterThan(0);
    expect(noticed / different).toBeGreaterThan(0.9);
  });

  it.each(Object.entries(plantedMisreadings))('notices an engine that %s', (title, misread) => {
    const scenarios = title.includes('pause') ? pausedScenarios : stormyScenarios;

    const { noticed, different } = noticedOf(scenarios, (scenario) => reference(misread(scenario)));

    expect(different).toBeGreaterThan(0);
    expect(noticed / different).toBeGreaterThan(0.7);
  });
});
