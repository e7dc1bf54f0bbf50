import {
  amongPublished,
  compileParsed,
  estimateWorkflow,
  findChildren,
  parseText,
  type CompiledText,
  type DefinitionText,
  type EstimatedWorkflow,
  type MeasuredWorkflow,
  type ParsedText,
  type PublishedLookup,
} from '../compiler/index.ts';
import { diagnosticRows, type DiagnosticRow } from '../core/diagnostics/index.ts';
import type { Estimate } from '../core/forecast/index.ts';
import { orchestrationPatterns } from './patterns.ts';
import { RequestProblem } from './problem.ts';
import type { ResourceLimits, TenantServices } from './tenant-services.ts';

/** Compiles a definition with the agents and the workflows that the tenant has. */
export async function compileForTenant(
  services: TenantServices,
  source: DefinitionText,
  forRun = true,
): Promise<CompiledText & { readonly parsed: ParsedText }> {
  const { runtimes, defaults } = services;
  const parsed = parseText(source);
  const registered = await services.agentTypes.list();
  const catalogue = new Map(registered.map(({ agentType }) => [agentType.name, agentType]));
  const children = await findChildren(parsed.calls, amongPublished(publishedOf(services)));
  return { ...compileParsed(parsed, { catalogue, children, forRun, runtimes, defaults }), parsed };
}

/** As above, for who cannot go on without. Throws RequestProblem: 400 `pattern_not_supported`, 422 `definition_invalid`. */
export async function requireCompiled(
  services: TenantServices,
  source: DefinitionText,
): Promise<{ readonly compiled: MeasuredWorkflow; readonly diagnostics: readonly DiagnosticRow[] }> {
  const { parsed, isValid, compiled, text } = await compileForTenant(services, source);
  const diagnostics = rowsOf(text);
  const pattern = parsed.definition?.workflow.orchestration_pattern;
  if (pattern !== undefined && !orchestrationPatterns.some(({ name }) => name === pattern))
    throw new RequestProblem({
      status: 400,
      code: 'pattern_not_supported',
      detail: `The orchestration pattern ${pattern} is not executed here.`,
      hint: 'GET /api/v1/patterns/available says which ones are.',
      diagnostics,
    });
  if (isValid && compiled) return { compiled, diagnostics };
  throw new RequestProblem({
    status: 422,
    code: 'definition_invalid',
    detail: 'The definition has errors.',
    hint: '`diagnostics` says where, and what to do about each.',
    diagnostics,
  });
}

export function rowsOf({ name, diagnostics }: CompiledText['text']): readonly DiagnosticRow[] {
  return diagnosticRows(diagnostics, name);
}

export function forecast(services: TenantServices, workflow: EstimatedWorkflow): Promise<Estimate> {
  return estimateWorkflow(workflow, {}, publishedOf(services));
}

/** Throws RequestProblem (507): what the workflow needs is more than there will ever be. */
export function requireRoom({ resources }: Estimate, limits: ResourceLimits, code: string): void {
  const { instances, peak } = resources;
  const needs = [
    ['instances', instances, limits.instances],
    ['cores', peak.cores.value, limits.cores],
    ['memory', peak.memory.value, limits.memory],
  ] as const;
  for (const [what, needed, limit = Infinity] of needs) {
    if (needed <= limit) continue;
    throw new RequestProblem({
      status: 507,
      code,
      detail: `The agents need more ${what} than there may be: ${needed} of at most ${limit}.`,
      details: { resource: what, needed, limit },
    });
  }
}

function publishedOf({ definitions }: TenantServices): PublishedLookup {
  return {
    find: (name, version) => (version === undefined ? definitions.findLatest(name) : definitions.find(name, version)),
    names: async () => [...new Set((await definitions.list()).map(({ name }) => name))],
  };
}
