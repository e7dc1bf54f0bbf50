import { createHash, timingSafeEqual } from 'node:crypto';
import { Hono, type Context, type MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { z } from 'zod';
import { answerProblem, MAX_ANSWER_BYTES } from '../core/agents/index.ts';
import type { NewBusEvent } from '../core/execution/index.ts';
import { executionId, handle, type ExecutionId } from '../core/ids/index.ts';
import type { Json } from '../core/json/index.ts';
import type { AgentAnswers } from '../core/ports/index.ts';
import { cancelBody, completeBody, eventBody, failBody } from './answer-bodies.ts';
import { problemOf, problemResponse, type Problem } from './problem.ts';

/** What other processes on this machine may ask of the one that owns the database. */
export interface Control {
  /** Shown as a bearer token. */
  readonly secret: string;
  readonly cancel: (execution: ExecutionId, by: string) => Promise<void>;
  /** Publishes an event on the coordination bus; one with the id of an earlier one changes nothing. */
  readonly publish: (event: NewBusEvent) => Promise<void>;
}

export interface HandleRoutesOptions {
  readonly answers: AgentAnswers;
  readonly control: Control;
  /** The largest body of an answer, in bytes; the answer's own bound is a little tighter. */
  readonly maxBodyBytes?: number;
  /** Hears of errors that are the engine's own. */
  readonly onError?: (error: unknown) => void;
}

/** A body is an answer in an envelope. */
const ENVELOPE_BYTES = 1024;

/**
 * Answers of agents, by the handle that came with their call: the handle is the permission. And control, for those who can
 * read the owner's secret. Errors are problem+json.
 */
export function createHandleRoutes({ answers, control, maxBodyBytes, onError }: HandleRoutesOptions): Hono {
  const app = new Hono();
  app.use(limitBody(maxBodyBytes ?? MAX_ANSWER_BYTES + ENVELOPE_BYTES));
  app.use('/control/*', requireSecret(control.secret));
  app.notFound(({ req }) =>
    problemResponse({ status: 404, code: 'no_such_route', detail: `There is no ${req.path}.` }),
  );
  app.onError((error) => {
    if (error instanceof BadBody) return problemResponse(error.problem);
    const problem = problemOf(error);
    if (problem.status === 500) onError?.(error);
    return problemResponse(problem);
  });

  app.post('/api/v1/tasks/:handle/complete', async (context) => {
    const { output } = await bodyOf(context, completeBody);
    await answers.complete(handle(context.req.param('handle')), takable(output, 'answer_refused', 'The output'));
    return context.body(null, 202);
  });
  app.post('/api/v1/tasks/:handle/fail', async (context) => {
    await answers.fail(handle(context.req.param('handle')), await bodyOf(context, failBody));
    return context.body(null, 202);
  });
  app.post('/api/v1/tasks/:handle/heartbeat', async (context) => {
    await answers.heartbeat(handle(context.req.param('handle')));
    return context.body(null, 204);
  });
  app.post('/control/executions/:id/cancel', async (context) => {
    const { by } = await bodyOf(context, cancelBody);
    await control.cancel(executionId(context.req.param('id')), by);
    return context.body(null, 202);
  });
  app.post('/control/events', async (context) => {
    const { data, ...event } = await bodyOf(context, eventBody);
    await control.publish({ ...event, data: takable(data, 'event_refused', "The event's data") });
    return context.body(null, 202);
  });
  return app;
}

class BadBody extends Error {
  override readonly name = 'BadBody';
  readonly problem: Problem;

  constructor(code: string, detail: string, errors?: Problem['errors']) {
    super(detail);
    this.problem = { status: 400, code, detail, ...(errors && { errors }) };
  }
}

/** A value that the engine may walk through. What JSON.parse gave is JSON. */
function takable(value: unknown, code: string, what: string): Json {
  const problem = answerProblem(value as Json);
  if (problem !== undefined) throw new BadBody(code, `${what} cannot be taken: ${problem}.`);
  return value as Json;
}

async function bodyOf<Body>(context: Context, schema: z.ZodType<Body>): Promise<Body> {
  let body: unknown;
  try {
    body = await context.req.json();
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new BadBody('body_not_json', 'The body is not JSON.');
  }
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.map(({ path, message }) => ({
    pointer: path.map((key) => `/${String(key)}`).join(''),
    detail: message,
  }));
  throw new BadBody('body_invalid', 'The body does not fit.', errors);
}

function limitBody(maxSize: number): MiddlewareHandler {
  const detail = `The body is larger than ${maxSize} bytes.`;
  const hint = 'Store what is large elsewhere, and answer with a reference to it.';
  return bodyLimit({
    maxSize,
    onError: () => problemResponse({ status: 413, code: 'body_too_large', detail, hint }),
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
