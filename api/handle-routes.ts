import { createHash, timingSafeEqual } from 'node:crypto';
import { Hono, type MiddlewareHandler } from 'hono';
import * as z from 'zod';
import type { ActionRequest, Decision, NewBusEvent } from '../core/execution/index.ts';
import {
  approvalId,
  executionId,
  taskPath,
  type ApprovalId,
  type ExecutionId,
  type TaskPath,
} from '../core/ids/index.ts';
import type { AgentAnswers } from '../core/ports/index.ts';
import type { CacheClearing, InstanceChange, Intervened, Paused, PauseRequest } from '../engine/index.ts';
import { answerErrors } from './answer-errors.ts';
import { createApi } from './create-api.ts';
import { problemResponse, RequestProblem } from './problem.ts';
import { readBody, readText } from './read-request.ts';
import { taskRoutes } from './routes/task-routes.ts';
import { givenJson, takable } from './schemas/given-json.ts';

/** What other processes on this machine may ask of the one that owns the database. */
export interface Control {
  /** Shown as a bearer token. */
  readonly secret: string;
  readonly cancel: (execution: ExecutionId, by: string) => Promise<void>;
  readonly pause: (execution: ExecutionId, request: PauseRequest) => Promise<Paused>;
  readonly unpause: (execution: ExecutionId, by: string) => Promise<void>;
  readonly decide: (approval: ApprovalId, decision: Decision) => Promise<void>;
  readonly intervene: (
    place: { readonly execution: ExecutionId; readonly path: TaskPath },
    asked: ActionRequest,
  ) => Promise<Intervened>;
  readonly resetBreaker: (agent: string, by: string) => Promise<unknown>;
  readonly clearCache: (clearing: CacheClearing) => Promise<number>;
  readonly changeInstance: (change: InstanceChange) => Promise<unknown>;
  readonly redriveIncident: (id: string, by: string) => Promise<unknown>;
  readonly closeIncident: (id: string, asked: { readonly by: string; readonly why?: string }) => Promise<unknown>;
  /** Publishes an event on the coordination bus; one with the id of an earlier one changes nothing. */
  readonly publish: (event: NewBusEvent) => Promise<void>;
}

export interface HandleRoutesOptions {
  readonly answers: AgentAnswers;
  readonly control: Control;
  /** Hears of errors that are the engine's own. */
  readonly onError?: (error: unknown) => void;
}

/**
 * What a laptop serves that nobody has asked to be a server: answers of agents, by the handle that came with their call, and control,
 * for those who can read the owner's secret.
 */
export function createHandleRoutes({ answers, control, onError }: HandleRoutesOptions): Hono {
  const api = createApi(taskRoutes, {
    // Each handle is checked by the engine; whatever asks for more than a handle is not served.
    answersTo: async () => answers,
    authenticate: async () => {
      throw new RequestProblem({ status: 401, code: 'credentials_required', detail: 'Only handles are taken here.' });
    },
    forTenant: async () => undefined,
    state: { version: '', checks: {} },
    ...(onError && { onError }),
  });
  api.route('/control', createControlRoutes(control, onError));
  return api;
}

/** A name that is stored and shown. */
const label = z.string().min(1).max(200);
const byBody = z.strictObject({ by: label });
const pauseBody = z.strictObject({ by: label, reason: z.exactOptional(label) });
const decisionBody = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('approve'), output: givenJson, by: label }),
  z.strictObject({ kind: z.literal('reject'), reason: z.exactOptional(label), by: label }),
]);
const said = { by: label, why: z.exactOptional(z.string().min(1).max(1000)), request: label };
const actionBody = z.strictObject({
  execution: label,
  path: z.string().min(1).max(1000),
  asked: z.discriminatedUnion('action', [
    z.strictObject({ action: z.enum(['retry', 'skip', 'fail']), ...said }),
    z.strictObject({ action: z.literal('complete'), output: givenJson, ...said }),
  ]),
});
const clearingBody = z.strictObject({ task: z.exactOptional(label), by: label });
const instanceBody = z.strictObject({ to: z.enum(['closed', 'opened']), by: label });
const closeBody = z.strictObject({ by: label, why: z.exactOptional(z.string().min(1).max(1000)) });
const eventBody = z.strictObject({ id: label, type: label, source: label, data: givenJson });

/** Data of an event, or the answer of a person; the engine stores what is large apart. */
const VALUE_BYTES = 16 * 1024 * 1024;

/** Control of the process that owns a database. */
export function createControlRoutes(control: Control, onError?: (error: unknown) => void): Hono {
  const app = new Hono();
  app.use(requireSecret(control.secret));
  answerErrors(app, onError);
  addSharedRoutes(app, control);
  app.post('/executions/:id/cancel', async (context) => {
    const { by } = readBody(byBody, await readText(context));
    await control.cancel(executionId(context.req.param('id')), by);
    return context.body(null, 202);
  });
  app.post('/executions/:id/pause', async (context) => {
    const request = readBody(pauseBody, await readText(context));
    const { checkpointId } = await control.pause(executionId(context.req.param('id')), request);
    return context.json({ checkpoint_id: checkpointId });
  });
  app.post('/executions/:id/resume', async (context) => {
    const { by } = readBody(byBody, await readText(context));
    await control.unpause(executionId(context.req.param('id')), by);
    return context.body(null, 202);
  });
  app.post('/approvals/:id/decision', async (context) => {
    const decision = readBody(decisionBody, await readText(context, VALUE_BYTES));
    await control.decide(approvalId(context.req.param('id')), decision);
    return context.body(null, 202);
  });
  app.post('/interventions', async (context) => {
    const { execution, path, asked } = readBody(actionBody, await readText(context, VALUE_BYTES));
    return context.json(await control.intervene({ execution: executionId(execution), path: taskPath(path) }, asked));
  });
  app.post('/events', async (context) => {
    const { data, ...event } = readBody(eventBody, await readText(context, VALUE_BYTES));
    await control.publish({ ...event, data: takable(data, 'event_refused', "The event's data") });
    return context.body(null, 202);
  });
  return app;
}

/** What belongs to no execution: breakers, caches, pools, incidents. */
function addSharedRoutes(app: Hono, control: Control): void {
  app.post('/breakers/:agent/reset', async (context) => {
    const { by } = readBody(byBody, await readText(context));
    await control.resetBreaker(context.req.param('agent'), by);
    return context.body(null, 202);
  });
  app.post('/caches/:workflow/clear', async (context) => {
    const clearing = readBody(clearingBody, await readText(context));
    const cleared = await control.clearCache({ ...clearing, workflow: context.req.param('workflow') });
    return context.json({ cleared });
  });
  app.post('/pools/:pool/instances/:instance', async (context) => {
    const change = readBody(instanceBody, await readText(context));
    const { pool, instance } = context.req.param();
    await control.changeInstance({ ...change, pool, instance: Number(instance) });
    return context.body(null, 202);
  });
  app.post('/incidents/:id/redrive', async (context) => {
    const { by } = readBody(byBody, await readText(context));
    await control.redriveIncident(context.req.param('id'), by);
    return context.body(null, 202);
  });
  app.post('/incidents/:id/close', async (context) => {
    const asked = readBody(closeBody, await readText(context));
    await control.closeIncident(context.req.param('id'), asked);
    return context.body(null, 202);
  });
}

function requireSecret(secret: string): MiddlewareHandler {
  const expected = digest(`Bearer ${secret}`);
  return async (context, next) => {
    // Digests have one length, so the comparison tells nothing about the secret, not even how long it is.
    if (timingSafeEqual(digest(context.req.header('authorization') ?? ''), expected)) return next();
    const detail = 'This route asks for the secret of the process that owns the database.';
    return problemResponse({ status: 401, code: 'secret_required', detail }, { 'www-authenticate': 'Bearer' });
  };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
