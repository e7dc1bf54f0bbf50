import * as z from 'zod';
import { ConflictError } from '../../core/errors/index.ts';
import { executionId, type ExecutionId } from '../../core/ids/index.ts';
import { getPublished } from '../find-published.ts';
import { getRecord, latestExecution } from '../read-execution.ts';
import { route, type ApiAnswer, type Caller, type Route } from '../route.ts';
import { executionIdText, executionStatus } from '../schemas/values.ts';
import type { TenantServices } from '../tenant-services.ts';

const pauseBody = z.strictObject({
  reason: z.string().min(1).max(1000).optional().meta({ description: 'For those who find it paused.' }),
});
const noBody = z.strictObject({});

const paused = z
  .object({
    execution_id: executionIdText,
    status: z.literal('paused'),
    checkpoint_id: z.string(),
    resume_url: z.url().meta({ description: 'Takes the POST that lets it go on.' }),
  })
  .meta({ id: 'paused' });
const controlled = z.object({ execution_id: executionIdText, status: executionStatus }).meta({ id: 'controlled' });

interface Asked<Body> {
  readonly execution: ExecutionId;
  readonly body: Body;
  readonly urlOf: (path: string) => string;
  readonly caller: Caller;
}

async function pause({ execution, body, urlOf, caller }: Asked<z.infer<typeof pauseBody>>): Promise<ApiAnswer> {
  const { services, principal } = caller;
  const { reason } = body;
  const request = { by: principal.subject, ...(reason !== undefined && { reason }) };
  const { checkpointId } = await services.executions.pause(execution, request);
  return {
    status: 200,
    body: {
      execution_id: execution,
      status: 'paused',
      checkpoint_id: checkpointId,
      resume_url: urlOf(`/api/v1/executions/${execution}/resume`),
    },
  };
}

async function resume({ execution, caller: { services, principal } }: Asked<unknown>): Promise<ApiAnswer> {
  await services.executions.unpause(execution, { by: principal.subject });
  return controlledAnswer(200, services, execution);
}

async function cancel({ execution, caller: { services, principal } }: Asked<unknown>): Promise<ApiAnswer> {
  await services.executions.cancel(execution, principal.subject);
  return controlledAnswer(202, services, execution);
}

async function controlledAnswer(status: number, services: TenantServices, id: ExecutionId): Promise<ApiAnswer> {
  const record = await getRecord(services, id);
  return { status, body: { execution_id: id, status: record.status } };
}

/** What can be done to an execution, by its id or as the one of its workflow that goes on. */
const controls = [
  {
    verb: 'pause',
    does: 'Dispatches nothing more, lets what runs finish, and makes a checkpoint. Pausing again answers the same checkpoint.',
    body: pauseBody,
    answers: { 200: { meaning: 'It is paused.', schema: paused } },
    conflict: 'It cannot be paused in its present status (`cannot_pause`).',
    act: pause,
  },
  {
    verb: 'resume',
    does: 'Lets a paused execution go on. One that is not paused is left as it is.',
    body: noBody,
    answers: { 200: { meaning: 'It goes on.', schema: controlled } },
    conflict: 'It is stopping or has ended, or its parent is paused.',
    act: resume,
  },
  {
    verb: 'cancel',
    does: 'Stops an execution: nothing new starts, and running agents get a cancel signal and a grace period.',
    body: noBody,
    answers: { 202: { meaning: 'It is stopping, or has stopped.', schema: controlled } },
    conflict: 'It has ended (`execution_ended`).',
    act: cancel,
  },
] as const;

export const controlRoutes: readonly Route[] = controls.flatMap(({ verb, does, body, answers, conflict, act }) => [
  route({
    method: 'POST',
    path: `/api/v1/executions/{id}/${verb}`,
    operation: `${verb}Execution`,
    summary: does,
    access: 'execution:control',
    body,
    answers,
    problems: { 404: 'There is no such execution.', 409: conflict },
    handle: async ({ param, body: given, urlOf }, caller) =>
      act({ execution: executionId(param('id')), body: given, urlOf, caller }),
  }),
  route({
    method: 'POST',
    path: `/api/v1/workflows/{id}/${verb}`,
    operation: `${verb}Workflow`,
    summary: `${does} Acts on the newest execution of the workflow that goes on.`,
    access: 'execution:control',
    body,
    answers,
    problems: { 404: 'The workflow is not published.', 409: `${conflict} Or none goes on (\`not_executing\`).` },
    handle: async ({ param, body: given, urlOf }, caller) =>
      act({ execution: await executionOf(caller.services, param('id')), body: given, urlOf, caller }),
  }),
]);

/** Throws NotFoundError (`workflow_not_found`) and ConflictError (`not_executing`). */
async function executionOf(services: TenantServices, workflow: string): Promise<ExecutionId> {
  const record = await latestExecution(services, workflow);
  if (record) return record.id;
  const { name } = await getPublished(services, workflow, undefined);
  throw new ConflictError({ code: 'not_executing', message: `No execution of ${name} goes on.` });
}
