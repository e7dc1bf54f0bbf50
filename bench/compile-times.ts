import type { AgentType } from '../core/agents/index.ts';
import { parseDefinition, type Definition } from '../core/definition/index.ts';
import { plan } from '../core/plan/index.ts';
import { validate, type ValidDefinition } from '../core/validation/index.ts';
import type { CompiledWorkflow } from '../compiler/index.ts';
import { partition, type PartMachine } from '../statemachines/index.ts';
import { median } from './median.ts';

/** Milliseconds of the clock, each the median of its own. */
export interface CompileTimes {
  readonly validate: number;
  readonly plan: number;
  readonly lower: number;
  readonly sum: number;
}

export interface Compiled extends CompiledWorkflow {
  readonly parts: readonly PartMachine[];
  readonly times: CompileTimes;
}

export interface CompiledRepeatedly extends Compiled {
  /**
   * Milliseconds of the processor, the mean of the later half of the rounds: what the clock would show if nobody else had the machine. It
   * is counted in steps of some milliseconds, so for small graphs it says little.
   */
  readonly processor: number;
}

const agentType: AgentType = { name: 'noop', runtime: 'local', module: '/noop.ts', capabilities: [] };

/** One task of a workflow to compile, as the language spells it. */
export interface TaskToCompile {
  readonly id: string;
  readonly description?: string;
  readonly depends_on: readonly string[];
  readonly timeout?: number;
}

/** The text's own time is not counted anywhere: `yaml` takes more than all the rest. */
export function definitionOf(tasks: readonly TaskToCompile[], timeout?: number): Definition {
  const agents = { worker: { type: agentType.name } };
  const workflow = { name: 'bench', version: '1', ...(timeout !== undefined && { timeout }), agents, output: {} };
  const text = JSON.stringify({
    workflow: { ...workflow, tasks: tasks.map((task) => ({ ...task, agent: 'worker' })) },
  });
  const { definition, diagnostics } = parseDefinition({ name: 'bench.json', text });
  if (!definition) throw new Error(`does not parse: ${diagnostics[0]?.message ?? ''}`);
  return definition;
}

/** Validates, plans and lowers, into as many machines as it takes, `rounds` times. */
export function compileRepeatedly(definition: Definition, rounds: number): CompiledRepeatedly {
  const cold = Array.from({ length: Math.floor(rounds / 2) }, () => compileOnce(definition));
  const before = process.threadCpuUsage();
  const warm = Array.from({ length: rounds - cold.length }, () => compileOnce(definition));
  const { user, system } = process.threadCpuUsage(before);
  const all = [...cold, ...warm];
  const [first] = all;
  if (!first) throw new Error('no round was run');
  const of = (stage: keyof CompileTimes): number => median(all.map(({ times }) => times[stage]));
  const times = { validate: of('validate'), plan: of('plan'), lower: of('lower'), sum: of('sum') };
  return { ...first, times, processor: (user + system) / 1_000 / warm.length };
}

function compileOnce(definition: Definition): Compiled {
  const start = performance.now();
  const valid = validOf(definition);
  const validated = performance.now();
  const planned = plan(valid);
  const plannedAt = performance.now();
  const { root, parts } = partition(planned);
  const end = performance.now();
  const times = { validate: validated - start, plan: plannedAt - validated, lower: end - plannedAt, sum: end - start };
  return { plan: planned, machine: root, parts, agentTypes: { [agentType.name]: agentType }, times };
}

function validOf(definition: Definition): ValidDefinition {
  const { valid, diagnostics } = validate(definition, {
    catalogue: new Map([[agentType.name, agentType]]),
    forRun: true,
  });
  if (valid) return valid;
  const error = diagnostics.find(({ severity }) => severity === 'error');
  throw new Error(`is not valid: ${error?.code ?? ''} ${error?.message ?? ''}`);
}
