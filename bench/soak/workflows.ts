import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { AgentCatalogue, AgentFunction, AgentType } from '../../core/agents/index.ts';
import { parseDefinition } from '../../core/definition/index.ts';
import { plan } from '../../core/plan/index.ts';
import { validate, type KnownWorkflow } from '../../core/validation/index.ts';
import type { CompiledWorkflow } from '../../compiler/index.ts';
import { partition } from '../../statemachines/index.ts';
import { moodyAgent } from './mood.ts';

/** Children come before those who start them. */
const names = ['chain', 'order', 'sweep', 'draft', 'race', 'release', 'patience', 'campaign'] as const;

const place = (name: string): string => fileURLToPath(new URL(`./${name}`, import.meta.url));
const module = place('moody-agent.ts');
const agentType: AgentType = { name: 'moody', runtime: 'local', module, capabilities: [] };
const catalogue: AgentCatalogue = new Map([['moody', agentType]]);

/** The agents in the engine's own process, where a crash would end everything and a hang must end with its attempt. */
export const functions: ReadonlyMap<string, AgentFunction> = new Map([
  [
    module,
    moodyAgent({
      crash: () => Promise.reject(Object.assign(new Error('crashed'), { name: 'AgentCrashed' })),
      hang: ({ signal }) =>
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('told to stop')))),
    }),
  ],
]);

/** Compiles the workflows of this folder. Throws for one that is not valid. */
export function compileSoak(): readonly CompiledWorkflow[] {
  const known = new Map<string, KnownWorkflow>();
  const compiled = new Map<string, CompiledWorkflow>();
  for (const name of names) {
    const text = readFileSync(place(`${name}.yaml`), 'utf8');
    const { definition, diagnostics } = parseDefinition({ name: `${name}.yaml`, text });
    const workflows = { find: (child: string) => known.get(child) };
    const checked = definition && validate(definition, { catalogue, forRun: true, workflows });
    if (!definition || !checked?.valid)
      throw new Error(JSON.stringify([...diagnostics, ...(checked?.diagnostics ?? [])].slice(0, 3)));
    const { tasks, version } = definition.workflow;
    const calls = tasks.flatMap(({ workflow }) => (workflow ? [{ name: workflow.name }] : []));
    const planned = plan(checked.valid);
    const { root, parts } = partition(planned);
    const children = calls.flatMap((call) => compiled.get(call.name) ?? []);
    compiled.set(name, { plan: planned, machine: root, parts, agentTypes: { moody: agentType }, children });
    known.set(name, { name, version, calls });
  }
  return [...compiled.values()];
}
