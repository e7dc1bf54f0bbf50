import type { JsonObject } from '../../core/json/index.ts';
import type { Retrier, TaskState } from '../asl/asl.ts';

/**
 * What stands in an unlinked machine for what only a deployment knows. `link` finds these by their place, never by searching
 * texts, so a task may well be called like one.
 */
export const placeholders = {
  begin: 'skein:begin',
  dispatch: 'skein:dispatch',
  conclude: 'skein:conclude',
  tenant: 'skein:tenant',
  workflow: 'skein:workflow',
  version: 'skein:version',
} as const;

/** Stands for the ARN of a part's machine. */
export function partPlaceholder(part: number): string {
  return `${PART}${part}`;
}

/** The number of the part that a placeholder stands for; undefined for any other text. */
export function partOfPlaceholder(text: string): number | undefined {
  return text.startsWith(PART) ? Number(text.slice(PART.length)) : undefined;
}

const PART = 'skein:part:';

/** A year, the longest life of an execution. The engine's own clocks are shorter, and know of pauses and approvals. */
export const TIMEOUT_SECONDS = 31_536_000;

/** Errors of the call itself; errors of a task never come this way. Eight tries last about two minutes. */
const lambdaErrors: Retrier = {
  ErrorEquals: [
    'Lambda.ServiceException',
    'Lambda.AWSLambdaException',
    'Lambda.SdkClientException',
    'Lambda.TooManyRequestsException',
    'Lambda.Unknown',
  ],
  IntervalSeconds: 1,
  BackoffRate: 2,
  MaxAttempts: 8,
  MaxDelaySeconds: 60,
  JitterStrategy: 'FULL',
};

/** The execution's name from the context: no state input can be mistaken for it. */
const execution = '{% $states.context.Execution.Name %}';

type Call = Pick<TaskState, 'Type' | 'Resource' | 'Arguments' | 'TimeoutSeconds' | 'Retry'>;

/** Calls a function and waits for its answer. */
export function requestCall(functionName: string, payload: JsonObject): Call {
  return callOf('arn:aws:states:::lambda:invoke', functionName, payload);
}

/** Calls a function and waits until somebody answers the task token. */
export function tokenCall(functionName: string, payload: JsonObject): Call {
  const token = '{% $states.context.Task.Token %}';
  return callOf('arn:aws:states:::lambda:invoke.waitForTaskToken', functionName, { ...payload, token });
}

function callOf(resource: string, functionName: string, payload: JsonObject): Call {
  return {
    Type: 'Task',
    Resource: resource,
    // The payload's version lets a machine outlive the engine that it was compiled by.
    Arguments: { FunctionName: functionName, Payload: { v: 1, tenant: placeholders.tenant, execution, ...payload } },
    TimeoutSeconds: TIMEOUT_SECONDS,
    Retry: [lambdaErrors],
  };
}
