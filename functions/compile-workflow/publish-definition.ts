import {
  amongPublished,
  compileParsed,
  findChildren,
  parseText,
  publishCompiled,
  type MeasuredWorkflow,
} from '../../compiler/index.ts';
import type { AgentCatalogue } from '../../core/agents/index.ts';
import { parseAgentCatalogue } from '../../core/definition/index.ts';
import { printDiagnostics, type Diagnostic } from '../../core/diagnostics/index.ts';
import { InvalidRequestError } from '../../core/errors/index.ts';
import type { TenantStores } from '../runtime.ts';
import type { MachinePress, VersionOf } from './make-machines.ts';

/** A definition that comes with a deployment, past the API. */
export interface Definition {
  readonly tenant: string;
  /** YAML or JSON. */
  readonly definition: string;
  /** An `agent_types` document, for agents beside those that are registered. */
  readonly agents?: string | undefined;
}

/** Compiles a definition and publishes it. Throws InvalidRequestError with all that was found, ConflictError (`version_exists`). */
export async function publishDefinition(
  press: MachinePress,
  { tenant, definition, agents }: Definition,
): Promise<VersionOf> {
  const stores = press.stores(tenant);
  const catalogue = await catalogueOf(stores, agents);
  const compiled = await compile(press, stores, { text: definition, catalogue });
  const names = press.namesOf(tenant);
  const { published } = await publishCompiled(stores.definitions, compiled, {
    tenant,
    now: press.clock.now(),
    functions: press.functions,
    partName: (version, number) => names.arnOf(version, number),
  });
  return { tenant, workflow: published.name, version: published.version };
}

async function compile(
  { defaults = {} }: MachinePress,
  { definitions }: TenantStores,
  { text, catalogue }: { readonly text: string; readonly catalogue: AgentCatalogue },
): Promise<MeasuredWorkflow> {
  const source = { name: 'definition', text };
  const parsed = parseText(source);
  const children = await findChildren(
    parsed.calls,
    amongPublished({
      find: (name, version) => (version === undefined ? definitions.findLatest(name) : definitions.find(name, version)),
      names: async () => [...new Set((await definitions.list()).map(({ name }) => name))],
    }),
  );
  const {
    compiled,
    isValid,
    text: examined,
  } = compileParsed(parsed, {
    catalogue,
    children,
    forRun: false,
    defaults,
  });
  if (compiled && isValid) return compiled;
  throw invalid('definition', text, examined.diagnostics);
}

async function catalogueOf({ agentTypes }: TenantStores, text: string | undefined): Promise<AgentCatalogue> {
  const registered = (await agentTypes.list()).map(({ agentType }) => [agentType.name, agentType] as const);
  if (text === undefined) return new Map(registered);
  const { catalogue, diagnostics } = parseAgentCatalogue({ name: 'agents', text, resolveModule: (module) => module });
  if (!catalogue) throw invalid('agents', text, diagnostics);
  return new Map([...registered, ...catalogue]);
}

function invalid(name: string, text: string, diagnostics: readonly Diagnostic[]): InvalidRequestError {
  return new InvalidRequestError({
    code: 'definition_invalid',
    message: printDiagnostics(diagnostics, { name, text }),
    hint: 'Mend the definition, and deploy again.',
  });
}
