import type { CompiledWorkflow } from '../compiler/index.ts';
import type { Json } from '../core/json/index.ts';
import type { Play } from './play.ts';
import { playOf, scenarioOf } from './random-play.ts';
import { printScenario } from './scenario.ts';
import type { Source } from './simulate.ts';
import { standIns } from './stand-ins.ts';

/** Seeds that play the same random workflow, each through faults of its own: to compile one takes as long as to play it. */
export const SEEDS_A_WORKFLOW = 8;

const workflowOf = (seed: number): number => Math.floor(seed / SEEDS_A_WORKFLOW);

/** Random workflows, another one after every few seeds. */
export function randomWorkflows(): Source {
  let last: { readonly number: number; readonly play: Play } | undefined;
  return {
    playOf(seed) {
      const number = workflowOf(seed);
      if (last?.number !== number) last = { number, play: playOf(scenarioOf(number)) };
      return last.play;
    },
    describe: (seed) => printScenario(scenarioOf(workflowOf(seed))),
  };
}

/** The same workflow with every seed; stand-ins do what its agents and people would. */
export function oneWorkflow(compiled: CompiledWorkflow, input: Json): Source {
  return {
    playOf: (seed) => ({ workflows: [compiled], input, commands: [], agents: standIns(seed, compiled) }),
    describe: () => '',
  };
}
