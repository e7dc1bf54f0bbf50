import fc from 'fast-check';
import { compileScenario } from './compile-scenario.ts';
import type { Command, Play } from './play.ts';
import { withPauses } from './random-pauses.ts';
import { randomScenarioOf, wholeLanguage } from './random-workflow.ts';
import type { Scenario } from './scenario.ts';
import { scriptedAgents } from './scripted-agents.ts';

const calmly = randomScenarioOf(wholeLanguage);
const scenarios = fc.oneof({ weight: 4, arbitrary: calmly }, { weight: 1, arbitrary: withPauses(calmly) });

/** The workflow of a seed, with everything that its agents and the world around it will do. */
export function scenarioOf(seed: number): Scenario {
  const [scenario] = fc.sample(scenarios, { seed, numRuns: 1 });
  if (!scenario) throw new Error(`no scenario was drawn for ${seed}`);
  return scenario;
}

export function playOf(scenario: Scenario): Play {
  const { own, children } = compileScenario(scenario);
  return {
    workflows: [...children, own],
    input: scenario.input,
    commands: commandsOf(scenario),
    agents: scriptedAgents(scenario.script),
  };
}

function commandsOf({ cancelAt, pauses = [], events = [] }: Scenario): readonly Command[] {
  return [
    ...(cancelAt === undefined ? [] : [{ kind: 'cancel', at: cancelAt } as const]),
    ...pauses.flatMap(({ at, until }) => [{ kind: 'pause', at } as const, { kind: 'unpause', at: until } as const]),
    ...events.map(({ at, type, data }, index) => {
      return { kind: 'event', at, id: `event-${index + 1}`, type, data } as const;
    }),
  ];
}
