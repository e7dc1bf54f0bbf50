import * as z from 'zod';
import type { RemoteCompiler, StackAnswer, StackRequest } from '../../adapters/aws/index.ts';
import { parseAgentCatalogue } from '../../core/definition/index.ts';
import { printDiagnostics } from '../../core/diagnostics/index.ts';
import { InvalidRequestError } from '../../core/errors/index.ts';
import type { AgentTypeStore } from '../../core/ports/index.ts';
import { makeKey, removeKey, type KeyWish, type KeyWorld } from './make-key.ts';

export interface ResourceWorld extends KeyWorld {
  readonly agentTypes: (tenant: string) => Pick<AgentTypeStore, 'put'>;
  readonly compiler: RemoteCompiler;
}

const text = z.string().min(1);
const key = z.object({ Tenant: text, KeyId: text, SecretArn: text, Scopes: z.array(text) });
/** What the constructs of lib/ write into templates. CloudFormation adds members of its own. */
const properties = z.union([
  z.object({ Tenant: text, AgentTypes: text }),
  z.object({ Tenant: text, Definition: text }),
  key,
]);

/**
 * Does what a stack asks for: registers agent types, publishes a workflow, makes a key. All of it may be repeated. Of what its
 * resource was for only the key goes with it: executions may still need what was published, and the agents it was published with.
 */
export async function applyResource(world: ResourceWorld, request: StackRequest): Promise<StackAnswer> {
  const parsed = properties.safeParse(request.ResourceProperties);
  if (request.RequestType === 'Delete') {
    if (parsed.success && 'KeyId' in parsed.data) await removeKey(world, keyOf(parsed.data));
    return { physicalId: request.PhysicalResourceId ?? request.LogicalResourceId };
  }
  if (!parsed.success) throw unknownResource(parsed.error);
  const { data } = parsed;
  const { Tenant: tenant } = data;
  if ('AgentTypes' in data) return registerAgentTypes(world, { tenant, text: data.AgentTypes, by: request.StackId });
  if ('KeyId' in data) return makeKey(world, keyOf(data));
  const { workflow, version, machineArn } = await world.compiler.publish({ tenant, definition: data.Definition });
  return { physicalId: `${tenant}/workflows/${workflow}`, data: { Version: version, MachineArn: machineArn } };
}

function keyOf({ Tenant, KeyId, SecretArn, Scopes }: z.infer<typeof key>): KeyWish {
  return { tenant: Tenant, id: KeyId, secretArn: SecretArn, scopes: Scopes };
}

interface Registration {
  readonly tenant: string;
  /** An `agent_types` document. */
  readonly text: string;
  /** The stack. */
  readonly by: string;
}

async function registerAgentTypes(world: ResourceWorld, { tenant, text, by }: Registration): Promise<StackAnswer> {
  const name = 'agents';
  const { catalogue, diagnostics } = parseAgentCatalogue({ name, text, resolveModule: (module) => module });
  if (!catalogue) {
    const message = printDiagnostics(diagnostics, { name, text });
    throw new InvalidRequestError({ code: 'agent_types_invalid', message });
  }
  const store = world.agentTypes(tenant);
  for (const agentType of catalogue.values()) {
    await store.put({ agentType, registeredAt: world.clock.now(), registeredBy: by });
  }
  return { physicalId: `${tenant}/agents/${[...catalogue.keys()].join(',')}` };
}

function unknownResource(error: z.ZodError): InvalidRequestError {
  return new InvalidRequestError({
    code: 'unknown_resource',
    message: `The resource is none that is known here: ${z.prettifyError(error)}`,
    hint: 'Deploy with the constructs of the same version as the engine.',
  });
}
