import type { HttpAgentType, TaskError } from '../../core/agents/index.ts';
import { InvariantError, UnavailableError } from '../../core/errors/index.ts';
import type { Handle } from '../../core/ids/index.ts';
import type { AgentAnswers, AgentCall, AgentRuntime } from '../../core/ports/index.ts';
import { createDelivery } from './delivery.ts';

export interface HttpAgentRuntimeOptions {
  readonly answers: AgentAnswers;
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  /** Where agents reach this engine, without a slash at the end: `http://127.0.0.1:4000`. */
  readonly callbackUrl: () => Promise<string>;
  /** How long a server may take to accept a call, in milliseconds; default 10,000. The work itself is not part of it. */
  readonly acceptWithinMs?: number;
  /** Hears when an answer could not be recorded. */
  readonly onError?: (error: unknown) => void;
}

/** Of a refusal's body, in characters: enough for its first sentence. */
const LONGEST_REASON = 500;

/**
 * Agents on servers. A call is a POST that is accepted with any 2xx; the answer comes later to the call's callback URLs. A server
 * that knows a call's handle already should accept it again and not work twice. Cancelling sends nothing: the language has no
 * such request yet, so an agent learns that it is too late when its answer is refused with 409.
 */
export function createHttpAgentRuntime(options: HttpAgentRuntimeOptions): AgentRuntime {
  const delivery = createDelivery({ answers: options.answers, onError: options.onError ?? (() => undefined) });
  const inFlight = new Map<Handle, Promise<void>>();

  async function post(call: AgentCall): Promise<void> {
    const agentType = httpTypeOf(call);
    const response = await send(options, agentType, call);
    if (response.ok) return void response.body?.cancel();
    const reason = await reasonOf(response);
    await delivery.fail(call.handle, refusal(response, reason));
  }

  return {
    call(call) {
      const sent = inFlight.get(call.handle) ?? post(call).finally(() => inFlight.delete(call.handle));
      inFlight.set(call.handle, sent);
      return sent;
    },
    cancel: async () => undefined,
    capacity: () => undefined,
    outlivesEngine: () => true,
  };
}

async function send(
  options: HttpAgentRuntimeOptions,
  { url, auth }: HttpAgentType,
  call: AgentCall,
): Promise<Response> {
  try {
    return await options.fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(auth !== undefined && { authorization: auth }) },
      body: JSON.stringify(bodyOf(call, await options.callbackUrl())),
      // A redirect would carry the input, and perhaps the credentials, to where the catalogue does not say.
      redirect: 'manual',
      signal: AbortSignal.timeout(options.acceptWithinMs ?? 10_000),
    });
  } catch (error) {
    throw new UnavailableError({
      code: 'agent_unreachable',
      message: `${url} cannot be reached: ${causeOf(error)}`,
      hint: 'Is the server of this agent running?',
      cause: error,
    });
  }
}

function bodyOf(call: AgentCall, base: string): object {
  const { handle, execution, task, path, attempt, agent, input, index, count, idempotencyKey, deadline, slot } = call;
  const answer = `${base}/api/v1/tasks/${handle}`;
  return {
    handle,
    execution,
    task,
    path,
    attempt,
    agent,
    input,
    index,
    count,
    idempotency_key: idempotencyKey,
    deadline: new Date(deadline).toISOString(),
    ...(slot && { slot }),
    callback: { complete: `${answer}/complete`, fail: `${answer}/fail`, heartbeat: `${answer}/heartbeat` },
  };
}

/** fetch hides the reason (ECONNREFUSED, …) in the cause. */
function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}

async function reasonOf({ body }: Response): Promise<string> {
  let text = '';
  try {
    for await (const chunk of body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text += chunk;
      if (text.length >= LONGEST_REASON) break;
    }
  } catch {
    // The status says enough.
  }
  return text.slice(0, LONGEST_REASON).trim();
}

/** What a status that is not 2xx means for the attempt. */
function refusal({ status, headers }: Response, reason: string): TaskError {
  const message = `The agent's server answered ${status}${reason === '' ? '.' : `: ${reason}`}`;
  const retryAfter = secondsOf(headers.get('retry-after'));
  return { name: nameOf(status), message, ...definite(status), ...(retryAfter !== undefined && { retryAfter }) };
}

function nameOf(status: number): string {
  if (status === 429) return 'AgentThrottled';
  if (status === 401 || status === 403) return 'PermissionDenied';
  return [400, 413, 415, 422].includes(status) ? 'InvalidInput' : 'AgentUnavailable';
}

/** Most 4xx and all 3xx say that the URL is wrong; the same call would meet the same answer. */
function definite(status: number): { readonly retryable?: false } {
  const passes = status >= 500 || [408, 425, 429].includes(status);
  return passes ? {} : { retryable: false };
}

/** `Retry-After: 120`; its other form, a date, would need the server's clock and is not obeyed. */
function secondsOf(header: string | null): number | undefined {
  return header !== null && /^\d{1,9}$/.test(header) ? Number(header) : undefined;
}

function httpTypeOf({ agentType }: AgentCall): HttpAgentType {
  if (agentType.runtime === 'http') return agentType;
  throw new InvariantError({ code: 'not_http', message: `Agent type ${agentType.name} is no HTTP one.` });
}
