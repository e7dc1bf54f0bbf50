import type { AgentFunction, AgentType } from '../core/agents/index.ts';
import { parseDefinition } from '../core/definition/index.ts';
import type { Json } from '../core/json/index.ts';
import { plan } from '../core/plan/index.ts';
import { validate } from '../core/validation/index.ts';
import type { CompiledWorkflow } from '../compiler/index.ts';
import { partition } from '../statemachines/index.ts';
import type { BenchGraph } from './graphs.ts';
import noop from './noop-agent.ts';

export const agentModule = new URL('./noop-agent.ts', import.meta.url).pathname;

export const agentFunctions: ReadonlyMap<string, AgentFunction> = new Map([[agentModule, noop]]);

/** The graph as a workflow whose tasks work as long as the graph says. */
export function compileGraph(graph: BenchGraph, maxParallel?: number): CompiledWorkflow {
  return compileTasks(
    graph.tasks.map(({ id, deps, ms }) => ({ id, agent: 'worker', depends_on: deps, input: { ms } })),
    maxParallel,
  );
}

/** Tasks, as the language spells them, of the agent `worker`; into as many machines as it takes. */
export function compileTasks(
  tasks: readonly { readonly [key: string]: Json }[],
  maxParallel?: number,
): CompiledWorkflow {
  const agentType: AgentType = { name: 'noop', runtime: 'local', module: agentModule, capabilities: [] };
  const text = JSON.stringify({
    workflow: {
      name: 'bench',
      version: '1',
      agents: { worker: { type: 'noop' } },
      ...(maxParallel !== undefined && { concurrency: { max_parallel: maxParallel } }),
      output: {},
      tasks,
    },
  });
  const { definition, diagnostics } = parseDefinition({ name: 'bench.json', text });
  const checked = definition && validate(definition, { catalogue: new Map([['noop', agentType]]), forRun: true });
  if (!checked?.valid) throw new Error(JSON.stringify([...diagnostics, ...(checked?.diagnostics ?? [])].slice(0, 3)));
  const planned = plan(checked.valid);
  const { root, parts } = partition(planned);
  return { plan: planned, machine: root, parts, agentTypes: { noop: agentType } };
}
