import middy, { type MiddlewareObj, type MiddyfiedHandler } from '@middy/core';
import type { Context } from 'aws-lambda';
import {
  lambdaErrorMessage,
  MAX_ANSWER_BYTES,
  type AgentFunction,
  type LambdaAgentCall,
  type LambdaAnswer,
  type Usage,
} from '../../core/agents/index.ts';
import { answerText, createUsageMeter, taskErrorOf, type UsageMeter } from '../../core/answers/index.ts';
import type { Json } from '../../core/json/index.ts';
import {
  AgentError,
  callbackUrls,
  createCallback,
  logLine,
  realWorld,
  underLimits,
  type Callback,
  type World,
} from '../agent/index.ts';
import { readLambdaCall } from './lambda-call.ts';

export interface LambdaAgentOptions {
  /** The engine's REST API, for heartbeats and large answers; default: the variable SKEIN_API_URL. Without it both are done without. */
  readonly apiUrl?: string;
  /** For tests: stands in for clock, timers, network, environment and log. */
  readonly world?: Partial<World>;
}

/** A middy handler: `.use(…)` adds middlewares, as those of Powertools. */
export type LambdaAgent = MiddyfiedHandler<LambdaAgentCall, Json>;

/** From the signal to the end of the invocation, in milliseconds: what an agent has to put its things away. */
const GRACE_MS = 1500;
/** Before Lambda would kill the function, in milliseconds: its own error must still get out. */
const MARGIN_MS = 500;
/**
 * The most of call and answer that the destination's record is trusted to carry, in bytes. SQS takes 1 MiB since August 2025 and
 * took 256 KiB before, as emulators still do; a record that is too large is lost without an error to anybody.
 */
const MAX_RECORD_BYTES = 240 * 1024;

/**
 * The agent as a Lambda function, invoked asynchronously by the engine.
 *
 *     export const handler = toLambda(agent);
 *
 * What it returns reaches the engine by the function's on-success destination, what it throws by its on-failure destination. The
 * signal is aborted at the attempt's deadline, 2 s before Lambda's own timeout, or when a heartbeat learns that the attempt is
 * over; a handler that has not ended 1.5 s later fails as `AttemptTimeout`.
 */
export function toLambda(agent: AgentFunction, { apiUrl, world: some }: LambdaAgentOptions = {}): LambdaAgent {
  const world = { ...realWorld, ...some };
  const url = apiUrl ?? world.environment['SKEIN_API_URL'];
  return middy<LambdaAgentCall, Json>()
    .use(nameErrors(world))
    .use(wrapAnswer())
    .use(readCall())
    .handler((call, lambda) => work(agent, { call, lambda, url, world }));
}

/** Of calls under way and those that have just ended. */
const meters = new WeakMap<object, UsageMeter>();

/** What the call has used; undefined where its agent says nothing, or its engine would not understand. */
function usedBy(call: LambdaAgentCall | undefined): Usage | undefined {
  return call?.takesUsage ? meters.get(call)?.total() : undefined;
}

/** Used before those of the agent's author, so that it acts after them: they see the answer as the agent gave it. */
function wrapAnswer(): MiddlewareObj<LambdaAgentCall, Json> {
  return {
    after(request) {
      const usage = usedBy(request.event);
      if (!usage) return;
      const wrapped: LambdaAnswer = { $skein: 1, output: request.response ?? null, usage: { ...usage } };
      request.response = wrapped;
    },
  };
}

function readCall(): MiddlewareObj<LambdaAgentCall, Json> {
  return {
    before(request) {
      request.event = readLambdaCall(request.event);
    },
  };
}

/** Used first, so that it acts last: other middlewares see the error as the agent threw it. */
function nameErrors(world: World): MiddlewareObj<LambdaAgentCall, Json> {
  return {
    onError(request) {
      const { name, message, ...more } = taskErrorOf(request.error);
      const details = request.error instanceof AgentError ? request.error.details : undefined;
      const stack = request.error?.stack;
      world.print(JSON.stringify({ level: 'ERROR', message, name, ...more, details, stack, ...whoOf(request.event) }));
      const usage = usedBy(request.event);
      const detail = { ...more, ...(details && { details }), ...(usage && { usage }) };
      const rendered = new Error(lambdaErrorMessage(message, detail));
      request.error = Object.assign(rendered, { name, ...(stack !== undefined && { stack }) });
    },
  };
}

/** The event may be anything: it may be the very reason of the error. */
function whoOf(event: Partial<LambdaAgentCall> | undefined): object {
  const { execution, agent, attempt } = event?.context ?? {};
  return { execution, task: event?.task?.path, agent, attempt };
}

interface Invocation {
  readonly call: LambdaAgentCall;
  readonly lambda: Pick<Context, 'getRemainingTimeInMillis'>;
  readonly url: string | undefined;
  readonly world: World;
}

async function work(agent: AgentFunction, { call, lambda, url, world }: Invocation): Promise<Json> {
  const { handle, task, context } = call;
  const say = (level: 'INFO' | 'WARN', message: string) => world.print(logLine(context, task.path, { level, message }));
  const meter = createUsageMeter((message) => say('WARN', message));
  meters.set(call, meter);
  const killedAt = world.now() + lambda.getRemainingTimeInMillis();
  const ownEnd = killedAt - GRACE_MS - MARGIN_MS;
  const isLambdaFirst = ownEnd < context.deadline;
  const limits = {
    stopAt: Math.min(context.deadline, ownEnd),
    why: isLambdaFirst ? "The function's own timeout is shorter than the work." : "The attempt's timeout has passed.",
    graceMs: GRACE_MS,
    world,
  };
  return underLimits(limits, async (signal, stop) => {
    const callback = createCallback({
      urls: () => callbackUrls(url ?? '', handle),
      world,
      deadline: limits.stopAt,
      onGone: () => stop(new AgentError('AttemptTimeout', 'The engine does not wait for this attempt any more.')),
      onTrouble: (message) => say('WARN', message),
    });
    try {
      const answer = await agent(task, {
        ...context,
        signal,
        heartbeat: () => url !== undefined && callback.heartbeat(),
        usage: (used) => meter.add(used),
        log: (message) => say('INFO', message),
      });
      return await carried(answer, { call, callback: url === undefined ? undefined : callback });
    } finally {
      callback.close();
    }
  });
}

interface Carriage {
  readonly call: LambdaAgentCall;
  readonly callback: Callback | undefined;
}

/** The answer as the invocation's own, or null when it went ahead by the REST API because no record could carry it. */
async function carried(answer: Json, { call, callback }: Carriage): Promise<Json> {
  const text = answerText(answer, MAX_ANSWER_BYTES);
  const bytes = Buffer.byteLength(text) + Buffer.byteLength(JSON.stringify(call));
  if (bytes <= MAX_RECORD_BYTES) return answer;
  if (!callback) {
    throw new AgentError(
      'InvalidOutput',
      `Call and answer have ${bytes} bytes, and the function's destination carries ${MAX_RECORD_BYTES}. ` +
        'Set SKEIN_API_URL, or answer with a reference to what is large.',
      { retryable: false },
    );
  }
  // Once it is taken the attempt is settled, and what the record says comes too late.
  if ((await callback.complete(text, usedBy(call))) === 'taken') return null;
  throw new AgentError('AgentUnavailable', 'The engine did not take the answer, which is too large for a record.');
}
