import type { CompiledWorkflow } from '../compiler/index.ts';
import type { Json } from '../core/json/index.ts';
import { playOf, scenarioOf } from './random-play.ts';
import { printScenario } from './scenario.ts';
import type { Source } from './simulate.ts';
import { standIns } from './stand-ins.ts';

/** Another workflow with each seed. */
export const randomWorkflows: Source = {
  playOf: (seed) => playOf(scenarioOf(seed)),
  describe: (seed) => printScenario(scenarioOf(seed)),
};

/** The same workflow with every seed; stand-ins do what its agents and people would. */
export function oneWorkflow(compiled: CompiledWorkflow, input: Json): Source {
  return {
    playOf: (seed) => ({ workflows: [compiled], input, commands: [], agents: standIns(seed, compiled) }),
    describe: () => '',
  };
}
