import * as z from 'zod';
import type { AgentType } from '../../core/agents/index.ts';
import { agentTypeSchema, parseAgentCatalogue } from '../../core/definition/index.ts';
import { diagnosticRows } from '../../core/diagnostics/index.ts';
import { NotFoundError } from '../../core/errors/index.ts';
import type { RegisteredAgentType } from '../../core/ports/index.ts';
import { mayDo, type Principal } from '../principal.ts';
import { RequestProblem } from '../problem.ts';
import { route, type Route } from '../route.ts';
import { anyJson, time, timeOf } from '../schemas/values.ts';
import type { TenantServices } from '../tenant-services.ts';

/** Never how it is called: a URL or a header may hold a secret. */
const registeredType = z
  .object({
    agent_type: z.string(),
    runtime: z.string(),
    capabilities: z.array(z.string()),
    input: anyJson.optional(),
    output: anyJson.optional(),
    cost: anyJson.optional(),
    registered_at: time,
    registered_by: z.string(),
  })
  .meta({ id: 'agent_type_registration' });

function shown({ agentType, registeredAt, registeredBy }: RegisteredAgentType): z.infer<typeof registeredType> {
  const { name, runtime, capabilities, input, output, cost } = agentType;
  return {
    agent_type: name,
    runtime,
    capabilities: [...capabilities],
    ...(input && { input }),
    ...(output && { output }),
    ...(cost && { cost }),
    registered_at: timeOf(registeredAt),
    registered_by: registeredBy,
  };
}

const list = route({
  method: 'GET',
  path: '/api/v1/agents',
  operation: 'listAgents',
  summary: 'The agent types that definitions can name.',
  access: 'workflow:read',
  answers: { 200: { meaning: 'All of them, by name.', schema: z.object({ agents: z.array(registeredType) }) } },
  problems: {},
  handle: async (_request, { services }) => ({
    status: 200,
    body: { agents: (await services.agentTypes.list()).map(shown) },
  }),
});

const register = route({
  method: 'POST',
  path: '/api/v1/agents/{type}/register',
  operation: 'registerAgent',
  summary:
    'Registers an agent type, in place of an earlier one of its name. What is published keeps the one that it was published with. Who may not publish workflows registers only the type that is called like himself.',
  access: 'agent:work',
  body: agentTypeSchema,
  maxBytes: 262_144,
  isIdempotent: true,
  answers: {
    201: { meaning: 'The type is registered.', schema: registeredType },
    200: { meaning: 'It is registered in place of an earlier one.', schema: registeredType },
  },
  problems: {
    403: 'The scope is missing, or the type is somebody else (`not_your_type`).',
    422: 'Its name or one of its schemas is wrong (`agent_type_invalid`), or nothing here runs its runtime (`runtime_unavailable`).',
  },
  handle: async ({ param, body }, { services, principal }) => {
    requireOwn(principal, param('type'));
    const agentType = typeOf(param('type'), body, services);
    const before = await services.agentTypes.find(agentType.name);
    const registered = { agentType, registeredAt: services.clock.now(), registeredBy: principal.subject };
    await services.agentTypes.put(registered);
    return { status: before ? 200 : 201, body: shown(registered) };
  },
});

const deregister = route({
  method: 'POST',
  path: '/api/v1/agents/{type}/deregister',
  operation: 'deregisterAgent',
  summary:
    'Forgets an agent type: no definition is compiled with it any more. What is published keeps the one that it was published with.',
  access: 'agent:work',
  answers: { 204: { meaning: 'It is forgotten.' } },
  problems: {
    403: 'The scope is missing, or the type is somebody else (`not_your_type`).',
    404: 'No such type is registered (`agent_type_not_found`).',
  },
  handle: async ({ param }, { services, principal }) => {
    requireOwn(principal, param('type'));
    if (await services.agentTypes.remove(param('type'))) return { status: 204 };
    throw new NotFoundError({ code: 'agent_type_not_found', message: `No agent type ${param('type')} is registered.` });
  },
});

/** Whoever gives a type another address gets all its calls. */
function requireOwn(principal: Principal, name: string): void {
  if (principal.subject === name || mayDo(principal, 'workflow:publish')) return;
  throw new RequestProblem({
    status: 403,
    code: 'not_your_type',
    detail: `${principal.subject} may register the type ${principal.subject}, and no other.`,
    hint: 'The scope workflow:publish lets one register any type.',
  });
}

function typeOf(
  name: string,
  document: z.infer<typeof agentTypeSchema>,
  { runtimes, resolveModule }: TenantServices,
): AgentType {
  const text = JSON.stringify({ agent_types: { [name]: document } });
  const { catalogue, diagnostics } = parseAgentCatalogue({ name: 'agent type', text, resolveModule });
  const agentType = catalogue?.get(name);
  if (!agentType)
    throw new RequestProblem({
      status: 422,
      code: 'agent_type_invalid',
      detail: 'The agent type has errors.',
      diagnostics: diagnosticRows(diagnostics, 'agent type'),
    });
  if (runtimes.includes(agentType.runtime)) return agentType;
  throw new RequestProblem({
    status: 422,
    code: 'runtime_unavailable',
    detail: `Nothing here runs agents with runtime: ${agentType.runtime}.`,
    hint: `There are: ${runtimes.join(', ')}.`,
  });
}

export const agentRoutes: readonly Route[] = [list, register, deregister];
