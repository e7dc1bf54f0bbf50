import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { partition } from '../../statemachines/index.ts';
import {
  type Press,
  plainTasks,
  randomScenarioOf,
  wholeLanguage,
  printScenario,
  type Scenario,
  withPauses,
} from '../../simulation/index.ts';
import { playScenario } from './play-scenario.ts';
import type { Storm } from './weather.ts';

const RUNS = Number(process.env['SKEIN_PROPERTY_RUNS'] ?? 60);

const calm = { twice: 0, late: 0, lost: 0, deaths: 0 } as const;

/** Nothing takes a month: an execution that comes to its timeout has waited for something that nobody was going to do. */
function withoutTimeout(scenario: Scenario): Scenario {
  return { ...scenario, document: { workflow: { ...scenario.document.workflow, timeout: '30d' } } };
}

const ends = ['succeeded', 'failed', 'cancelled'];

/** So little room that a few tasks make several machines. */
const inParts: Press = (plan) => {
  const { root, parts } = partition(plan, { raw: 8_000, escaped: 9_600, events: 80 });
  return { machine: root, parts };
};

interface Question {
  readonly storm: Omit<Storm, 'seed'>;
  /** Whether the sweeper may find anything. */
  readonly finds: boolean;
  readonly press?: Press;
  /** Hears how many there are. */
  readonly onMachines?: (count: number) => void;
}

function property({ storm, finds, press, onMachines }: Question) {
  const calmly = randomScenarioOf(press ? plainTasks : wholeLanguage).map(withoutTimeout);
  const scenarios = fc.oneof({ weight: 3, arbitrary: calmly }, { weight: 1, arbitrary: withPauses(calmly) });
  return fc.asyncProperty(scenarios, fc.nat(), async (scenario, seed) => {
    const { view, violations, deployment } = await playScenario(scenario, { ...storm, seed }, press);
    onMachines?.(deployment.stepFunctions.machines.size);
    const complaints = [
      ...(ends.includes(view.status) ? [] : [`it ended ${view.status}`]),
      ...violations.map((violation) => JSON.stringify(violation)),
      ...deployment.stepFunctions.running().map((name) => `machine ${name} still runs`),
      ...(finds ? [] : deployment.finds.map((find) => `the sweeper found ${find}`)),
    ];
    if (complaints.length > 0) throw new Error([...complaints, printScenario(scenario)].join('\n'));
  });
}

const storm = { twice: 0.3, late: 0.3, lost: 0.3, deaths: 0.1 } as const;
const TIMEOUT = 60_000 + RUNS * 4_000;

describe('the functions of a deployment', () => {
  const played = (question: Question) => fc.assert(property(question), { numRuns: RUNS });

  it(
    `end ${RUNS} random workflows in calm weather, and leave the sweeper nothing to find`,
    () => expect(played({ storm: calm, finds: false })).resolves.toBeUndefined(),
    TIMEOUT,
  );

  it(
    `end ${RUNS} random workflows whose messages come twice, late and never, by functions that die`,
    () => expect(played({ storm, finds: true })).resolves.toBeUndefined(),
    TIMEOUT,
  );

  it(
    `end ${RUNS} random workflows that one machine does not hold, through the same storm`,
    async () => {
      let machines = 0;
      const onMachines = (count: number): void => void (machines += count);

      await expect(played({ storm, finds: true, press: inParts, onMachines })).resolves.toBeUndefined();
      expect(machines).toBeGreaterThan(RUNS);
    },
    TIMEOUT,
  );
});
