import type { AgentType } from '../core/agents/index.ts';
import { parseDefinition, type Definition } from '../core/definition/index.ts';
import { plan } from '../core/plan/index.ts';
import { validate, type ValidDefinition } from '../core/validation/index.ts';
import type { CompiledWorkflow } from '../local/index.ts';
import { lower } from '../statemachines/index.ts';
import { median } from './median.ts';

/** Milliseconds, each the median of its own. */
export interface CompileTimes {
  readonly validate: number;
  readonly plan: number;
  readonly lower: number;
  readonly sum: number;
}

export interface Compiled extends CompiledWorkflow {
  readonly times: CompileTimes;
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

/** Validates, plans and lowers `rounds` times. */
export function compileRepeatedly(definition: Definition, rounds: number): Compiled {
  const all = Array.from({ length: rounds }, () => compileOnce(definition));
  const [first] = all;
  if (!first) throw new Error('no round was run');
  const of = (stage: keyof CompileTimes): number => median(all.map(({ times }) => times[stage]));
  return { ...first, times: { validate: of('validate'), plan: of('plan'), lower: of('lower'), sum: of('sum') } };
}

function compileOnce(definition: Definition): Compiled {
  const start = performance.now();
  const valid = validOf(definition);
  const validated = performance.now();
  const planned = plan(valid);
  const plannedAt = performance.now();
  const machine = lower(planned);
  const end = performance.now();
  const times = { validate: validated - start, plan: plannedAt - validated, lower: end - plannedAt, sum: end - start };
  return { plan: planned, machine, agentTypes: { [agentType.name]: agentType }, times };
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
