import type { AgentType } from '../../core/agents/index.ts';
import { parseDefinition } from '../../core/definition/index.ts';
import { validate, type ValidDefinition } from '../../core/validation/index.ts';

/** Parses and validates; every agent type that the text names exists. Throws with the diagnostics' sentences. */
export function validDefinition(text: string): ValidDefinition {
  const { definition, diagnostics } = parseDefinition({ name: 'definition.yaml', text });
  const types = Object.values(definition?.workflow.agents ?? {}).map(({ type }): [string, AgentType] => [
    type,
    { name: type, runtime: 'local', module: '/agents/any.ts', capabilities: [] },
  ]);
  const checked = definition && validate(definition, { catalogue: new Map(types), forRun: false });
  if (checked?.valid) return checked.valid;
  throw new Error([...diagnostics, ...(checked?.diagnostics ?? [])].map(({ message }) => message).join('\n'));
}
