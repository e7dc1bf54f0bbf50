import * as z from 'zod';
import type { RemoteCompiler, StackAnswer, StackRequest } from '../../adapters/aws/index.ts';
import { parseAgentCatalogue } from '../../core/definition/index.ts';
import { printDiagnostics } from '../../core/diagnostics/index.ts';
import { InvalidRequestError } from '../../core/errors/index.ts';
import type { AgentTypeStore, Clock } from '../../core/ports/index.ts';

export interface ResourceWorld {
  readonly agentTypes: (tenant: string) => Pick<AgentTypeStore, 'put'>;
  readonly compiler: RemoteCompiler;
  readonly clock: Clock;
}

const text = z.string().min(1);
/** What the constructs of lib/ write into templates. CloudFormation adds members of its own. */
const properties = z.union([
  z.object({ Tenant: text, AgentTypes: text, Definition: z.undefined().optional() }),
  z.object({ Tenant: text, Definition: text, AgentTypes: z.undefined().optional() }),
]);

/**
 * Does what a stack asks for: registers agent types, or publishes a workflow. Both may be repeated. What was published stays when
 * its resource is deleted, because executions may still need it; so do the agent types that versions were published with.
 */
export async function applyResource(world: ResourceWorld, request: StackRequest): Promise<StackAnswer> {
  if (request.RequestType === 'Delete') return { physicalId: request.PhysicalResourceId ?? request.LogicalResourceId };
  const parsed = properties.safeParse(request.ResourceProperties);
  if (!parsed.success) throw unknownResource(parsed.error);
  const { Tenant: tenant, AgentTypes, Definition } = parsed.data;
  if (Definition === undefined) return registerAgentTypes(world, { tenant, text: AgentTypes, by: request.StackId });
  const { workflow, version, machineArn } = await world.compiler.publish({ tenant, definition: Definition });
  return { physicalId: `${tenant}/workflows/${workflow}`, data: { Version: version, MachineArn: machineArn } };
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
    message: `The resource is neither agent types nor a workflow: ${z.prettifyError(error)}`,
    hint: 'Deploy with the constructs of the same version as the engine.',
  });
}
