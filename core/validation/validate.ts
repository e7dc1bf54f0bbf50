import type { AgentCatalogue, AgentRuntimeKind, AgentType } from '../agents/index.ts';
import { placeFindings, type Definition } from '../definition/index.ts';
import type { Diagnostic } from '../diagnostics/index.ts';
import { digestOf, type Json } from '../json/index.ts';
import { createRuleContext } from './rule.ts';
import { executableRuntimes } from './rules/not-executed.ts';
import { rules } from './rules.ts';
import type { ValidDefinition } from './valid-definition.ts';
import type { WorkflowCatalogue } from './workflow-catalogue.ts';

interface ValidateOptions {
  readonly catalogue: AgentCatalogue;
  /** True: what this version does not execute is an error, else a warning. */
  readonly forRun: boolean;
  /** Agents of these runtimes can be called where it is to run; default: those that the embedded runtime calls. */
  readonly runtimes?: readonly AgentRuntimeKind[];
  /** The workflows that can be started as children. Without it nobody knows them, and a child is a warning. */
  readonly workflows?: WorkflowCatalogue;
}

/**
 * Holds a definition against every rule. `valid` is there when nothing is an error.
 */
export function validate(
  definition: Definition,
  options: ValidateOptions,
): { valid?: ValidDefinition; diagnostics: readonly Diagnostic[] } {
  const context = createRuleContext(definition, { runtimes: executableRuntimes, ...options });
  const diagnostics = placeFindings(
    definition.source,
    rules.map((rule) => rule(context)),
  );
  const isValid = diagnostics.every(({ severity }) => severity !== 'error');
  return isValid ? { valid: toValid(definition, options.catalogue), diagnostics } : { diagnostics };
}

function toValid(definition: Definition, catalogue: AgentCatalogue): ValidDefinition {
  const { workflow } = definition;
  const agentTypes: Record<string, AgentType> = {};
  for (const { type } of Object.values(workflow.agents)) {
    const found = catalogue.get(type);
    if (found) agentTypes[type] = found;
  }
  // Both were parsed from JSON, and have only the schema's keys.
  const content = { workflow, agentTypes: Object.values(agentTypes).map(withoutPlace) } as unknown as Json;
  // The brand: this is the one place that makes a ValidDefinition.
  return { definition, agentTypes, digest: digestOf(content) } as ValidDefinition;
}

/** Where a local agent's module lies differs from checkout to checkout; what the workflow means does not. */
function withoutPlace(agentType: AgentType): object {
  if (agentType.runtime !== 'local') return agentType;
  const { module, ...rest } = agentType;
  return rest;
}
