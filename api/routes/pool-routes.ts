import * as z from 'zod';
import { NotFoundError } from '../../core/errors/index.ts';
import type { InstanceChange, PoolStatus, RateStatus, SharedQueue } from '../../engine/index.ts';
import type { Principal } from '../principal.ts';
import { route, type Route } from '../route.ts';
import { executionIdText, time, timeOf } from '../schemas/values.ts';
import type { TenantServices } from '../tenant-services.ts';

const taskPath = z.string().meta({ description: 'The path of the task.' });

const waits = {
  waiting: z.int().meta({ description: 'Tasks that wait; those behind the first 1,000 are not counted.' }),
  queue: z
    .array(z.object({ execution_id: executionIdText, task: taskPath }))
    .meta({ description: 'The first ten of them, in their order.' }),
};

const pool = z
  .object({
    pool: z.string().meta({ description: 'Its name; `workflow.agent` of a pool of its own.' }),
    capacity: z.int().meta({ description: 'Slots.' }),
    strategy: z.enum(['round_robin', 'least_loaded', 'least_response_time', 'random']),
    max_queue: z.int().optional().meta({ description: 'Tasks that may wait; absent: any number.' }),
    held: z.int().meta({ description: 'Slots that attempts have.' }),
    slots: z
      .array(
        z.object({
          slot: z.int(),
          instance: z.int(),
          token: z.int().meta({ description: 'Fencing token: raised whenever the slot changes hands.' }),
          execution_id: executionIdText,
          task: taskPath,
          attempt: z.int(),
          since: time,
        }),
      )
      .meta({ description: 'Those that are held, and by whom.' }),
    instances: z
      .array(
        z.object({
          instance: z.int(),
          status: z.enum(['idle', 'busy', 'draining', 'offline']),
          slots: z.int(),
          held: z.int(),
        }),
      )
      .meta({
        description:
          'Those that share the slots. A draining one gets nothing more, and is offline when it has nothing any more.',
      }),
    ...waits,
  })
  .meta({ id: 'pool', description: 'A resource pool, one for all workflows of the tenant that name it.' });

const rate = z
  .object({
    agent: z.string().meta({ description: 'The agent type.' }),
    calls: z.int().meta({ description: 'Calls that may start in `per`, as whoever has called last says it.' }),
    per: z.number().meta({ description: 'Seconds.' }),
    free: z.int().meta({ description: 'Calls that may start now.' }),
    next_at: time.optional().meta({ description: 'When the next one may, if none may now.' }),
    ...waits,
  })
  .meta({ id: 'rate', description: 'How often an agent type is called, by all workflows of the tenant.' });

function shown({ maxQueue, slots, waiting, first, ...rest }: PoolStatus): z.infer<typeof pool> {
  return {
    ...rest,
    ...(maxQueue !== undefined && { max_queue: maxQueue }),
    held: slots.length,
    slots: slots.map(({ holder: { execution, path, attempt }, since, ...slot }) => ({
      ...slot,
      execution_id: execution,
      task: path,
      attempt,
      since: timeOf(since),
    })),
    instances: [...rest.instances],
    ...queueOf({ waiting, first }),
  };
}

function shownRate({ nextAt, waiting, first, ...rest }: RateStatus): z.infer<typeof rate> {
  return { ...rest, ...(nextAt !== undefined && { next_at: timeOf(nextAt) }), ...queueOf({ waiting, first }) };
}

function queueOf({ waiting, first }: SharedQueue) {
  return {
    waiting,
    queue: first.map(({ execution, path }) => ({ execution_id: execution, task: path })),
  };
}

const list = route({
  method: 'GET',
  path: '/api/v1/pools',
  operation: 'listPools',
  summary: 'Resource pools that tasks have used, and agent types that were called with a rate limit.',
  access: 'workflow:read',
  answers: {
    200: { meaning: 'All of them, by name.', schema: z.object({ pools: z.array(pool), rates: z.array(rate) }) },
  },
  problems: {},
  handle: async (_request, { services: { executions } }) => {
    const [pools, rates] = await Promise.all([executions.listPools(), executions.listRates()]);
    return { status: 200, body: { pools: pools.map(shown), rates: rates.map(shownRate) } };
  },
});

const one = route({
  method: 'GET',
  path: '/api/v1/pools/{pool}',
  operation: 'getPool',
  summary: 'A resource pool: who has its slots, and who waits for one.',
  access: 'workflow:read',
  answers: { 200: { meaning: 'As it is now.', schema: pool } },
  problems: { 404: 'Nobody has used such a pool.' },
  handle: async ({ param }, { services }) => {
    const found = await services.executions.findPool(param('pool'));
    if (!found)
      throw new NotFoundError({ code: 'pool_not_found', message: `Nobody has used a pool ${param('pool')}.` });
    return { status: 200, body: shown(found) };
  },
});

async function change(
  { executions }: TenantServices,
  { subject }: Principal,
  asked: { readonly pool: string; readonly instance: string; readonly to: InstanceChange['to'] },
) {
  // What is no number of an instance is not found.
  const instance = /^\d{1,6}$/.test(asked.instance) ? Number(asked.instance) : -1;
  return { status: 200, body: shown(await executions.changeInstance({ ...asked, instance, by: subject })) } as const;
}

const common = {
  method: 'POST',
  access: 'execution:control',
  answers: { 200: { meaning: 'The pool, as it is then.', schema: pool } },
  problems: { 404: 'There is no such pool, or it has no such instance.' },
} as const;

const drain = route({
  ...common,
  path: '/api/v1/pools/{pool}/instances/{instance}/drain',
  operation: 'drainInstance',
  summary: 'Drains an instance: it finishes the tasks that it has, and gets no other.',
  handle: ({ param }, { services, principal }) =>
    change(services, principal, { pool: param('pool'), instance: param('instance'), to: 'closed' }),
});

const open = route({
  ...common,
  path: '/api/v1/pools/{pool}/instances/{instance}/open',
  operation: 'openInstance',
  summary: 'Has an instance take tasks again that was drained; those who wait go on.',
  handle: ({ param }, { services, principal }) =>
    change(services, principal, { pool: param('pool'), instance: param('instance'), to: 'opened' }),
});

export const poolRoutes: readonly Route[] = [list, one, drain, open];
