import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { partition } from '../../../statemachines/index.ts';
import {
  type Press,
  randomScenario,
  randomScenarioOf,
  wholeLanguage,
  type Scenario,
} from '../../../simulation/index.ts';
import { atOnce } from './at-once.ts';
import { openTwinStage, runTwin, type Comparison, type TwinStage } from './twin-run.ts';

const RUNS = Number(process.env['SKEIN_TWIN_RUNS'] ?? 100);
const RUNS_IN_PARTS = Math.ceil(RUNS / 10);
const SEED = Number(process.env['SKEIN_PROPERTY_SEED'] ?? 20_261_121);
/** Milliseconds, of which most are room for a busy machine. */
const TIMEOUT = 60_000 + RUNS * 6_000;

let stage: TwinStage;
beforeAll(async () => {
  stage = await openTwinStage(inject('endpoint'));
});
afterAll(() => stage.close());

/** So little room that a few tasks make several machines. */
const inParts: Press = (plan) => {
  const { root, parts } = partition(plan, { raw: 8_000, escaped: 10_000, events: 60 });
  return { machine: root, parts };
};

function compareAll(name: string, scenarios: readonly Scenario[], press?: Press): Promise<Comparison[]> {
  return atOnce([...scenarios.entries()], ([number, scenario]) =>
    runTwin(scenario, { stage, press, tenant: `${name}-${number}` }),
  );
}

describe('compiled machines on Step Functions', () => {
  it(
    `do what they do on the interpreter, in ${RUNS} random definitions of the whole language`,
    async () => {
      const scenarios = fc.sample(randomScenarioOf(wholeLanguage), { numRuns: RUNS, seed: SEED });

      const compared = await compareAll('random', scenarios);

      expect(compared.flatMap(({ complaints }) => complaints)).toEqual([]);
      // Where the rules leave open what comes first, Step Functions may choose another order than the interpreter alone.
      expect(compared.filter(({ isSame }) => isSame).length).toBeGreaterThan(RUNS * 0.85);
    },
    TIMEOUT,
  );

  it(
    `do what they do on the interpreter where ${RUNS_IN_PARTS} random definitions are cut into parts`,
    async () => {
      const large = randomScenario.filter(({ document }) => document.workflow.tasks.length >= 8);
      const scenarios = fc.sample(large, { numRuns: RUNS_IN_PARTS, seed: SEED });

      const compared = await compareAll('parts', scenarios, inParts);

      expect(compared.flatMap(({ complaints }) => complaints)).toEqual([]);
      expect(compared.reduce((sum, { parts }) => sum + parts, 0)).toBeGreaterThan(RUNS_IN_PARTS);
    },
    TIMEOUT,
  );
});
