import * as z from 'zod';
import { NotFoundError } from '../../core/errors/index.ts';
import type { Breaker, Permit } from '../../core/resilience/index.ts';
import { route, type Route } from '../route.ts';
import { time, timeOf } from '../schemas/values.ts';
import type { TenantServices } from '../tenant-services.ts';

const breaker = z
  .object({
    agent: z.string().meta({ description: 'The agent type.' }),
    status: z.enum(['closed', 'open', 'half_open']),
    epoch: z.int().meta({ description: 'Each change of status begins the next one.' }),
    since: time
      .optional()
      .meta({ description: 'Since when it has this status; absent: it has never had another one.' }),
    failures: z.int().optional().meta({ description: 'In a row, while it is closed.' }),
    open_until: time.optional().meta({ description: 'No call before.' }),
    opened: z.int().optional().meta({ description: 'How often it has been opened since it was closed.' }),
    last_error: z.string().optional().meta({ description: 'The name of the error that opened it.' }),
    calls: z.object({ out: z.int(), succeeded: z.int(), most: z.int() }).optional().meta({
      description: 'While it is half-open: calls that have not been reported, that went well, that there may be.',
    }),
  })
  .meta({ id: 'breaker', description: 'The circuit breaker of an agent type, one for all workflows of the tenant.' });

type Shown = z.infer<typeof breaker>;

function shown(agent: string, breaker: Breaker): Shown {
  const { status, epoch, since } = breaker;
  const common = { agent, status, epoch, ...(epoch > 0 && { since: timeOf(since) }) };
  if (breaker.status === 'closed') return { ...common, failures: breaker.failures };
  const trouble = { opened: breaker.opened, last_error: breaker.error };
  if (breaker.status === 'open') return { ...common, ...trouble, open_until: timeOf(breaker.until) };
  const permits = Object.values(breaker.permits);
  const count = (state: Permit['state']): number => permits.filter((permit) => permit.state === state).length;
  const calls = { out: count('out'), succeeded: count('succeeded'), most: breaker.settings.halfOpenMaxCalls };
  return { ...common, ...trouble, calls };
}

/** Nothing is recorded of a breaker that has never counted a failure: it is closed, if there is such an agent type. */
async function getBreaker({ executions, agentTypes }: TenantServices, agent: string): Promise<Breaker> {
  const found = await executions.findBreaker(agent);
  if (found.epoch > 0 || (await agentTypes.find(agent))) return found;
  throw new NotFoundError({ code: 'breaker_not_found', message: `There is no agent type ${agent}.` });
}

const list = route({
  method: 'GET',
  path: '/api/v1/breakers',
  operation: 'listBreakers',
  summary: 'Circuit breakers that have counted a failure, by agent type.',
  access: 'workflow:read',
  answers: { 200: { meaning: 'All of them.', schema: z.object({ breakers: z.array(breaker) }) } },
  problems: {},
  handle: async (_request, { services }) => {
    const breakers = await services.executions.listBreakers();
    return { status: 200, body: { breakers: breakers.map((it) => shown(it.agent, it.breaker)) } };
  },
});

const one = route({
  method: 'GET',
  path: '/api/v1/breakers/{agent}',
  operation: 'getBreaker',
  summary: 'The circuit breaker of an agent type.',
  access: 'workflow:read',
  answers: { 200: { meaning: 'Its status.', schema: breaker } },
  problems: { 404: 'There is no such agent type.' },
  handle: async ({ param }, { services }) => {
    const agent = param('agent');
    return { status: 200, body: shown(agent, await getBreaker(services, agent)) };
  },
});

const reset = route({
  method: 'POST',
  path: '/api/v1/breakers/{agent}/reset',
  operation: 'resetBreaker',
  summary:
    'Closes it, because the agent is well again; tasks that wait for it go on. Changes nothing for one that is closed.',
  access: 'execution:control',
  answers: { 200: { meaning: 'It is closed.', schema: breaker } },
  problems: { 404: 'There is no such agent type.' },
  handle: async ({ param }, { services, principal }) => {
    const agent = param('agent');
    await getBreaker(services, agent);
    return { status: 200, body: shown(agent, await services.executions.resetBreaker(agent, principal.subject)) };
  },
});

export const breakerRoutes: readonly Route[] = [list, one, reset];
