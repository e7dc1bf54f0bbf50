import fc from 'fast-check';
import { createReader } from '../../local/index.ts';
import { type Mixture, randomScenarioOf, printScenario, type Scenario } from '../../simulation/index.ts';
import { simulate } from '../makers/simulated-engine.ts';
import { allows } from './allows.ts';
import { reference } from './reference.ts';

/** Random definitions in all; each of the files with another mixture of tasks takes its share of them. */
const ALL_RUNS = Number(process.env['SKEIN_PROPERTY_RUNS'] ?? 10_000);
export const SHARES = 6;
export const RUNS = Math.ceil(ALL_RUNS / SHARES);
/** Milliseconds; most of it is room to shrink a failing definition on a busy machine. */
export const TIMEOUT = 150_000 + RUNS * 100;

/** What is wrong with how compiler and engine took a scenario, in a form that can be kept; undefined when it is right. */
export async function complaintAbout(scenario: Scenario): Promise<string | undefined> {
  const { observed, execution, stores } = await simulate(scenario);
  const broken = await createReader(stores, () => true).verify(execution);
  const violations = [
    ...allows(scenario, observed),
    ...broken.map(({ name, path, message }) => `${name} ${path}: ${message}`),
  ];
  if (violations.length === 0) return undefined;
  return [
    ...violations,
    '',
    printScenario(scenario),
    `observed: ${JSON.stringify(observed)}`,
    `one right way: ${JSON.stringify(reference(scenario))}`,
    `to keep it, with the seed, in kept-seeds.json: ${JSON.stringify({ why: violations[0], scenario })}`,
  ].join('\n');
}

/** Throws with a shrunk definition, its script and its seed when one of so many is taken wrongly. */
export async function holdAgainstReference(
  mixture: Mixture,
  among: (scenarios: fc.Arbitrary<Scenario>) => fc.Arbitrary<Scenario> = (scenarios) => scenarios,
): Promise<void> {
  const property = fc.asyncProperty(among(randomScenarioOf(mixture)), async (scenario) => {
    const complaint = await complaintAbout(scenario);
    if (complaint !== undefined) throw new Error(complaint);
  });
  // Shrinking ends in time to be reported.
  const interruptAfterTimeLimit = TIMEOUT - 60_000;
  await fc.assert(property, { numRuns: RUNS, interruptAfterTimeLimit, markInterruptAsFailure: true });
}
