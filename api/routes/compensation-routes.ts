import * as z from 'zod';
import { undoStatuses } from '../../core/execution/index.ts';
import { executionId, taskPath } from '../../core/ids/index.ts';
import { getRecord } from '../read-execution.ts';
import { route, type Route } from '../route.ts';
import { executionIdText } from '../schemas/values.ts';
import type { TenantServices } from '../tenant-services.ts';

const actions = ['retry', 'done', 'skip'] as const;

const compensation = z
  .object({
    task: z.string().meta({ description: 'Path of the task whose effect is undone.' }),
    agent: z.string().meta({ description: 'Who undoes it.' }),
    status: z.enum(['pending', ...undoStatuses]),
    effect: z.string().meta({ description: "The idempotency key under which the task's own agent was called." }),
    attempts: z.int(),
    error: z.object({ name: z.string(), message: z.string() }).optional(),
    resolution: z
      .object({ as: z.enum(['done', 'skipped']), by: z.string(), reason: z.string() })
      .optional()
      .meta({ description: 'What an operator has said about it.' }),
    may: z.array(z.enum(actions)).meta({ description: 'What an operator may do now.' }),
  })
  .meta({ id: 'compensation', description: 'What a saga does, or has done, about one task.' });

const listed = z.object({ execution_id: executionIdText, compensations: z.array(compensation) });

async function listOf({ executions }: TenantServices, id: string): Promise<z.infer<typeof listed>> {
  const found = await executions.listCompensations(executionId(id));
  const compensations = found.map(({ error, may, ...rest }) => ({
    ...rest,
    ...(error && { error: { name: error.name, message: error.message } }),
    may: [...may],
  }));
  return { execution_id: id, compensations };
}

const list = route({
  method: 'GET',
  path: '/api/v1/executions/{id}/compensations',
  operation: 'listCompensations',
  summary: 'All that has to be undone of an execution, what was done last in front; empty for one that undoes nothing.',
  access: 'workflow:read',
  answers: { 200: { meaning: 'How far each of them is.', schema: listed } },
  problems: { 404: 'There is no such execution.' },
  handle: async ({ param }, { services }) => {
    const { id } = await getRecord(services, param('id'));
    return { status: 200, body: await listOf(services, id) };
  },
});

const act = route({
  method: 'POST',
  path: '/api/v1/executions/{id}/compensations',
  operation: 'resolveCompensation',
  summary: 'Says what is to become of a compensation that failed, or is held back by one.',
  access: 'execution:recover',
  body: z.strictObject({
    task: z.string().min(1).meta({ description: 'Path of the task.' }),
    action: z.enum(actions).meta({
      description: '`retry`: it is tried again; `done`: it was undone by hand; `skip`: its effect stays.',
    }),
    reason: z.string().min(1).max(1000).meta({ description: 'For those who ask later.' }),
  }),
  answers: { 200: { meaning: 'The execution goes on undoing.', schema: listed } },
  problems: {
    404: 'There is no such execution.',
    409: 'There is nothing left to do about this task (`not_left`).',
  },
  handle: async ({ param, body: { task, action, reason } }, { services, principal }) => {
    const { id } = await getRecord(services, param('id'));
    const asked = { task: taskPath(task), as: action, by: principal.subject, reason };
    await services.executions.resolveCompensation(id, asked);
    return { status: 200, body: await listOf(services, id) };
  },
});

export const compensationRoutes: readonly Route[] = [list, act];
