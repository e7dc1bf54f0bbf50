import type { Json } from '../../../core/json/index.ts';
import { exceedsDataLimit } from '../data-limit.ts';
import { detailsOf } from '../history.ts';
import { resourceOf, type Resource } from '../integrations/resource.ts';
import type { NumberField, TaskState } from '../machine.ts';
import { recover } from '../recovery.ts';
import { StateFailure, invocationFailure, tooLargeFailure } from '../state-failure.ts';
import type { Outcome, StateVisit } from '../state-visit.ts';
import type { TaskAnswers } from '../task-answers.ts';
import { startTaskClocks, type TaskLimits } from '../task-clocks.ts';
import type { TaskTokens } from '../task-tokens.ts';

export function runTask(state: TaskState, visit: StateVisit): Promise<Outcome> {
  return recover(state, visit, {
    attempt: async () => {
      const result = await attemptTask(state, visit);
      return visit.leave(state, result, { result });
    },
  });
}

interface Attempt {
  readonly state: TaskState;
  readonly resource: Resource;
  readonly parameters: Json;
  readonly limits: TaskLimits;
  readonly visit: StateVisit;
}

/** Scheduled, Started, Submitted where more than the answer is waited for, then Succeeded, Failed or TimedOut. */
async function attemptTask(state: TaskState, visit: StateVisit): Promise<Json> {
  const { branch } = visit;
  const resource = resourceOf(state.Resource);
  const { events, about } = resource;
  // A new token for each attempt: a late answer to the last one must find nothing. Whatever waits for more than a
  // response can be ended by one.
  visit.taskToken = resource.pattern === 'response' ? undefined : visit.surroundings.options.newToken();
  const parameters = await visit.fill(state.Arguments ?? visit.input, 'Arguments');
  if (exceedsDataLimit(parameters)) throw tooLargeFailure(visit.name);
  const limits = limitsOf(state) ?? (await evaluatedLimits(state, visit));

  branch.record(`${events}Scheduled`, detailsOf({ ...about, ...resource.scheduled(parameters), ...limits }));
  branch.record(`${events}Started`, about);
  try {
    const result = await resultOf({ state, resource, parameters, limits, visit });
    if (exceedsDataLimit(result)) throw tooLargeFailure(resource.name);
    branch.record(`${events}Succeeded`, { ...about, output: result });
    return result;
  } catch (failure) {
    if (!(failure instanceof StateFailure)) throw failure;
    const type = failure.error === 'States.Timeout' ? 'TimedOut' : 'Failed';
    branch.record(`${events}${type}`, detailsOf({ ...about, error: failure.error, cause: failure.cause }));
    throw failure;
  } finally {
    branch.letGo();
  }
}

/** Undefined where an expression says how long. */
function limitsOf({ TimeoutSeconds, HeartbeatSeconds }: TaskState): TaskLimits | undefined {
  if (typeof TimeoutSeconds === 'string' || typeof HeartbeatSeconds === 'string') return undefined;
  return { timeoutInSeconds: TimeoutSeconds, heartbeatInSeconds: HeartbeatSeconds };
}

async function evaluatedLimits(
  { TimeoutSeconds, HeartbeatSeconds }: TaskState,
  visit: StateVisit,
): Promise<TaskLimits> {
  const read = async (seconds: NumberField | undefined, field: string): Promise<number | undefined> =>
    seconds === undefined ? undefined : visit.fillAs('number', seconds, field);
  return {
    timeoutInSeconds: await read(TimeoutSeconds, 'TimeoutSeconds'),
    heartbeatInSeconds: await read(HeartbeatSeconds, 'HeartbeatSeconds'),
  };
}

/**
 * The task's result, or the first thing that goes wrong. An answer to the token may come before the request's own; the
 * state still ends after both, so that its events are always the same, and a function that throws after its answer
 * fails the attempt.
 */
async function resultOf(attempt: Attempt): Promise<Json> {
  const { resource, limits, visit } = attempt;
  const { branch, surroundings, taskToken } = visit;
  const { tokens, options } = surroundings;
  const clocks = startTaskClocks(limits, options);
  branch.hold(clocks.stop);
  const answer = taskToken === undefined ? undefined : awaitToken(taskToken, tokens, clocks.beat);
  if (taskToken !== undefined) branch.hold(() => tokens.close(taskToken));

  const { response, end, letGo } = callService(attempt);
  if (letGo) branch.hold(letGo);
  // What fails before the response has come is read only then.
  answer?.catch(() => undefined);
  end?.catch(() => undefined);
  const submitted = await Promise.race([response, clocks.expired]);
  if (!answer) return submitted;
  branch.record('TaskSubmitted', { ...resource.about, output: submitted });
  return Promise.race([answer, clocks.expired, ...(end ? [end] : [])]);
}

function callService({ state, resource, parameters, visit }: Attempt): TaskAnswers {
  const { taskToken: token, surroundings, name } = visit;
  const standIn = surroundings.options.standIn?.({ state: name, resource: state.Resource, parameters, token });
  if (standIn) return withFailures(standIn);
  if (resource.integration) return resource.integration({ parameters, pattern: resource.pattern, visit });
  throw visit.failure('States.Runtime', `The resource '${state.Resource}' is not known here.`);
}

/** The world rejects with errors of its own; their names are what Retry and Catch go by. */
function withFailures({ response, end, ...more }: TaskAnswers): TaskAnswers {
  const fail = (reason: unknown): never => {
    throw invocationFailure(reason);
  };
  return { response: response.catch(fail), ...(end && { end: end.catch(fail) }), ...more };
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
