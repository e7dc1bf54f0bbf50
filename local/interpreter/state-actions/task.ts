import { isJsonObject, type Json, type JsonObject } from '../../../core/json/index.ts';
import type { TaskState } from '../../../statemachines/index.ts';
import { exceedsDataLimit } from '../data-limit.ts';
import { detailsOf } from '../history.ts';
import { recover } from '../recovery.ts';
import { invocationFailure, StateFailure, tooLargeFailure } from '../state-failure.ts';
import type { Outcome, StateVisit } from '../state-visit.ts';
import { startTaskClocks } from '../task-clocks.ts';

const invocation = 'arn:aws:states:::lambda:invoke';
const callback = `${invocation}.waitForTaskToken`;

interface Call {
  readonly functionName: string;
  readonly payload: Json;
  /** Who answers: undefined for the function itself. */
  readonly token: string | undefined;
}

export function runTask(state: TaskState, visit: StateVisit): Promise<Outcome> {
  return recover(state, visit, {
    attempt: async () => {
      const result = await attemptTask(state, visit);
      return { output: await visit.output(state.Output, result, { result }), next: state.Next };
    },
  });
}

/** Scheduled, Started, Submitted where a token is waited for, then Succeeded, Failed or TimedOut. */
async function attemptTask(state: TaskState, visit: StateVisit): Promise<Json> {
  const { branch, surroundings } = visit;
  if (state.Resource !== invocation && state.Resource !== callback) {
    throw visit.failure('States.Runtime', `The resource '${state.Resource}' is not known here.`);
  }
  // A new token for each attempt: a late answer to the last one must find nothing.
  visit.taskToken = state.Resource === callback ? surroundings.options.newToken() : undefined;
  const parameters = await visit.fill(state.Arguments ?? visit.input, 'Arguments');
  if (exceedsDataLimit(parameters)) throw tooLargeFailure(visit.name);
  const call = callOf(parameters, visit);
  const about = { resource: state.Resource.slice('arn:aws:states:::lambda:'.length), resourceType: 'lambda' };

  branch.record(
    'TaskScheduled',
    detailsOf({
      ...about,
      parameters,
      timeoutInSeconds: state.TimeoutSeconds,
      heartbeatInSeconds: state.HeartbeatSeconds,
    }),
  );
  branch.record('TaskStarted', about);
  try {
    const result = await answerTo(call, state, visit, about);
    if (exceedsDataLimit(result)) throw tooLargeFailure('lambda');
    branch.record('TaskSucceeded', { ...about, output: result });
    return result;
  } catch (failure) {
    if (!(failure instanceof StateFailure)) throw failure;
    const type = failure.error === 'States.Timeout' ? 'TaskTimedOut' : 'TaskFailed';
    branch.record(type, detailsOf({ ...about, error: failure.error, cause: failure.cause }));
    throw failure;
  } finally {
    branch.letGo();
  }
}

function callOf(parameters: Json, visit: StateVisit): Call {
  const { FunctionName, Payload = {} } = isJsonObject(parameters) ? parameters : {};
  if (typeof FunctionName === 'string') return { functionName: FunctionName, payload: Payload, token: visit.taskToken };
  throw visit.failure('States.Runtime', 'The Arguments name no function to invoke.');
}

/**
 * The task's result, or the first thing that goes wrong. An answer to the token may come before the function has
 * returned; the state still ends after both, so that its events are always the same, and a function that throws after
 * its answer fails the attempt.
 */
async function answerTo(call: Call, state: TaskState, visit: StateVisit, about: JsonObject): Promise<Json> {
  const { branch, surroundings } = visit;
  const { tokens, options } = surroundings;
  const clocks = startTaskClocks(state, options);
  const answer = Promise.withResolvers<Json>();
  // An answer that fails before the function has returned is read only then.
  answer.promise.catch(() => undefined);
  if (call.token !== undefined) {
    tokens.open(call.token, {
      succeed: answer.resolve,
      fail: (error, cause) => answer.reject(new StateFailure({ error, cause })),
      beat: clocks.beat,
    });
  }
  branch.hold(() => {
    clocks.stop();
    if (call.token !== undefined) tokens.close(call.token);
  });

  const response = await Promise.race([invoke(call, visit), clocks.expired]);
  if (call.token === undefined) return response;
  branch.record('TaskSubmitted', { ...about, output: response });
  return Promise.race([answer.promise, clocks.expired]);
}

async function invoke({ functionName, payload }: Call, visit: StateVisit): Promise<Json> {
  try {
    const Payload = await visit.surroundings.options.invoke(functionName, payload);
    return { ExecutedVersion: '$LATEST', Payload, StatusCode: 200 };
  } catch (reason) {
    throw invocationFailure(reason);
  }
}
