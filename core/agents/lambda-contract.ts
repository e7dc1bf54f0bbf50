import { isJsonObject, parseJson, type Json, type JsonObject } from '../json/index.ts';
import type { AgentSlot, AgentTask, TaskError, Usage } from './agent-contract.ts';

/** What a Lambda agent is invoked with, asynchronously. `v` lets agents outlive deployments of the engine. */
export interface LambdaAgentCall {
  readonly v: 1;
  readonly handle: string;
  readonly task: AgentTask;
  /** The engine knows a LambdaAnswer, and `usage` in the detail of an error. Absent: an older one. */
  readonly takesUsage?: true;
  readonly context: {
    readonly execution: string;
    readonly agent: string;
    readonly attempt: number;
    readonly idempotencyKey: string;
    readonly slot?: AgentSlot;
    /** Epoch milliseconds: the attempt's timeout. */
    readonly deadline: number;
  };
}

/** What an answer is wrapped in when its agent says what it has used: the record of an invocation has no other place for that. */
export type LambdaAnswer = { readonly $skein: 1; readonly output: Json; readonly usage: JsonObject };

/** An answer, whether it is wrapped or not. `usage` is as the agent has sent it. */
export function readLambdaAnswer(payload: Json): { readonly output: Json; readonly usage?: Json } {
  const isWrapped =
    isJsonObject(payload) && payload['$skein'] === 1 && Object.keys(payload).sort().join() === '$skein,output,usage';
  return isWrapped ? { output: payload['output'] ?? null, usage: payload['usage'] ?? null } : { output: payload };
}

/** The `responsePayload` of a failed invocation's record. All that Lambda tells of an error is its name, message and stack. */
export interface LambdaFailure {
  readonly errorType?: string | undefined;
  readonly errorMessage?: string | undefined;
}

/** What an agent says about its error beyond name and message. */
export interface LambdaErrorDetail extends Pick<TaskError, 'retryable' | 'retryAfter'> {
  readonly details?: JsonObject;
  readonly usage?: Usage;
}

const detailKeys = ['message', 'retryable', 'retryAfter', 'details', 'usage'];

/**
 * The message under which a Lambda agent throws. Lambda passes on nothing else that could say more, so where there is more the
 * message is a JSON object of it.
 */
export function lambdaErrorMessage(message: string, detail: LambdaErrorDetail): string {
  const said = Object.entries(detail).filter(([, value]) => value !== undefined);
  return said.length === 0 ? message : JSON.stringify({ message, ...Object.fromEntries(said) });
}

/** The error that a failed invocation stands for, whether its function knows the SDK, is a plain Lambda, or died. */
export function taskErrorOfLambda({ errorType, errorMessage = '' }: LambdaFailure): TaskError {
  const died = errorType === undefined ? undefined : deathOf(errorType);
  if (died) return { ...died, message: `${errorType}: ${errorMessage}` };
  const { message, retryable, retryAfter } = detailOf(errorMessage);
  return {
    name: errorType === undefined || errorType === '' || errorType === 'Error' ? 'AgentFailure' : errorType,
    message: typeof message === 'string' ? message : errorMessage,
    ...(typeof retryable === 'boolean' && { retryable }),
    ...(typeof retryAfter === 'number' && retryAfter >= 0 && { retryAfter }),
  };
}

/** What a failed attempt has used, as its agent has sent it; undefined where it says nothing. */
export function usageOfLambda({ errorMessage = '' }: LambdaFailure): Json | undefined {
  return detailOf(errorMessage)['usage'];
}

/** Errors that Lambda itself reports are called `Runtime.…` and `Sandbox.…`. */
function deathOf(errorType: string): Pick<TaskError, 'name' | 'retryable'> | undefined {
  if (errorType === 'Sandbox.Timedout') return { name: 'AttemptTimeout' };
  if (!/^(Runtime|Sandbox)\./.test(errorType)) return undefined;
  // What cannot be loaded is the same file for the next attempt.
  const cannotLoad = /ImportModuleError|HandlerNotFound|MalformedHandlerName|UserCodeSyntaxError/.test(errorType);
  return cannotLoad ? { name: 'AgentUnavailable', retryable: false } : { name: 'AgentCrashed' };
}

/** Only what `lambdaErrorMessage` can have written: any other message, JSON or not, is a message. */
function detailOf(text: string): JsonObject {
  const read = text.startsWith('{') ? parsed(text) : undefined;
  return isJsonObject(read) && Object.keys(read).every((key) => detailKeys.includes(key)) ? read : {};
}

function parsed(text: string): Json | undefined {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}
