import type { AgentCatalogue, AgentType } from '../../core/agents/index.ts';
import { parseDefinition } from '../../core/definition/index.ts';
import type { Diagnostic } from '../../core/diagnostics/index.ts';
import type { JsonObject } from '../../core/json/index.ts';
import { validate, type WorkflowCatalogue } from '../../core/validation/index.ts';

interface Surroundings {
  readonly workflows?: WorkflowCatalogue;
  /** Of the agent type `worker`, which every agent here has. */
  readonly type?: {
    readonly capabilities?: readonly string[];
    readonly input?: JsonObject;
    readonly output?: JsonObject;
  };
}

/** The findings on a workflow; the given keys stand beside a name, a version and an agent `worker`. Throws for a shape that is wrong. */
export function findingsOn(keys: object, { workflows, type = {} }: Surroundings = {}): readonly Diagnostic[] {
  const workflow = { name: 'w', version: '1', agents: { worker: { type: 'worker' } }, ...keys };
  const { definition, diagnostics } = parseDefinition({ name: 'w.yaml', text: JSON.stringify({ workflow }) });
  if (!definition) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  const worker: AgentType = { name: 'worker', runtime: 'local', module: '/worker.ts', capabilities: [], ...type };
  const catalogue: AgentCatalogue = new Map([['worker', worker]]);
  return validate(definition, { catalogue, forRun: false, ...(workflows && { workflows }) }).diagnostics;
}

export function withCode(diagnostics: readonly Diagnostic[], ...codes: readonly string[]): readonly Diagnostic[] {
  return diagnostics.filter(({ code }) => codes.includes(code));
}
