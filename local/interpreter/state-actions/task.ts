import { isJsonObject, type Json, type JsonObject } from '../../../core/json/index.ts';
import type { TaskState } from '../../../statemachines/index.ts';
import { exceedsDataLimit } from '../data-limit.ts';
import { detailsOf } from '../history.ts';
import { findResource, type Resource } from '../integrations/services.ts';
import { recover } from '../recovery.ts';
import { StateFailure, tooLargeFailure } from '../state-failure.ts';
import type { Outcome, StateVisit } from '../state-visit.ts';
import { startTaskClocks } from '../task-clocks.ts';
import type { TaskTokens } from '../task-tokens.ts';

export function runTask(state: TaskState, visit: StateVisit): Promise<Outcome> {
  return recover(state, visit, {
    attempt: async () => {
      const result = await attemptTask(state, visit);
      return visit.leave(state, result, { result });
    },
  });
}

/** Scheduled, Started, Submitted where more than the answer is waited for, then Succeeded, Failed or TimedOut. */
async function attemptTask(state: TaskState, visit: StateVisit): Promise<Json> {
  const { branch, surroundings } = visit;
  const resource = findResource(state.Resource);
  if (!resource) throw visit.failure('States.Runtime', `The resource '${state.Resource}' is not known here.`);
  // A new token for each attempt: a late answer to the last one must find nothing.
  visit.taskToken = resource.pattern === 'token' ? surroundings.options.newToken() : undefined;
  const parameters = await visit.fill(state.Arguments ?? visit.input, 'Arguments');
  if (exceedsDataLimit(parameters)) throw tooLargeFailure(visit.name);
  const about = { resource: resource.resource, resourceType: resource.resourceType };

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
    const result = await resultOf({ resource, parameters, state, visit, about });
    if (exceedsDataLimit(result)) throw tooLargeFailure(resource.resourceType);
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

interface Attempt {
  readonly resource: Resource;
  readonly parameters: Json;
  readonly state: TaskState;
  readonly visit: StateVisit;
  readonly about: JsonObject;
}

/**
 * The task's result, or the first thing that goes wrong. An answer to the token may come before the request's own; the
 * state still ends after both, so that its events are always the same, and a function that throws after its answer
 * fails the attempt.
 */
async function resultOf({ resource, parameters, state, visit, about }: Attempt): Promise<Json> {
  const { branch, surroundings, taskToken } = visit;
  const { tokens, options } = surroundings;
  const clocks = startTaskClocks(state, options);
  branch.hold(clocks.stop);
  const answer = taskToken === undefined ? undefined : awaitToken(taskToken, tokens, clocks.beat);
  if (taskToken !== undefined) branch.hold(() => tokens.close(taskToken));

  const call = { parameters: isJsonObject(parameters) ? parameters : {}, pattern: resource.pattern, visit };
  const answers = resource.integration(call);
  if (answers.letGo) branch.hold(answers.letGo);
  const end = answer ?? answers.end;
  // An end that fails before the response has come is read only then.
  end?.catch(() => undefined);
  const response = await Promise.race([answers.response, clocks.expired]);
  if (!end) return response;
  branch.record('TaskSubmitted', { ...about, output: response });
  return Promise.race([end, clocks.expired]);
}

function awaitToken(token: string, tokens: TaskTokens, beat: () => void): Promise<Json> {
  const answer = Promise.withResolvers<Json>();
  tokens.open(token, {
    succeed: answer.resolve,
    fail: (error, cause) => answer.reject(new StateFailure({ error, cause })),
    beat,
  });
  return answer.promise;
}
