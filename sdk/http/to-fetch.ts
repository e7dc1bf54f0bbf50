import { createHash, timingSafeEqual } from 'node:crypto';
import type { AgentFunction } from '../../core/agents/index.ts';
import { realWorld, type World } from '../agent/index.ts';
import { readHttpCall } from './http-call.ts';
import { createLiveCalls, type LiveCalls } from './live-calls.ts';

export interface FetchAgentOptions {
  /** The value that the Authorization header must have, as in the catalogue's `auth`: `Bearer …`. Absent: everybody may call. */
  readonly authorization?: string;
  /** Calls at once; one more is answered 429, and the engine tries again. Default: no limit. */
  readonly maxCalls?: number;
  /** For tests: stands in for clock, timers, network and log. */
  readonly world?: Partial<World>;
}

/** Takes requests as `fetch` sends them, for any server or platform that speaks the fetch API. */
export interface FetchAgent {
  (request: Request): Promise<Response>;
  /** Resolves once every accepted call has been answered; for a server that is about to stop. */
  settled(): Promise<void>;
  /** Aborts the signal of every call that is under way. */
  stop(why: string): void;
}

/** Asked of the engine when there is no room, in seconds. */
const COME_BACK_AFTER = 5;

/**
 * The agent behind HTTP. A call is accepted with 202 at once; the answer goes to the call's callback URLs. A call that comes
 * again is accepted again and worked for once. The signal is aborted at the attempt's deadline, or when a heartbeat learns that
 * the engine does not wait any more.
 *
 *     export default { fetch: toFetch(agent, { authorization: 'Bearer …' }) };
 */
export function toFetch(agent: AgentFunction, options: FetchAgentOptions = {}): FetchAgent {
  const { authorization, maxCalls = Infinity } = options;
  const calls = createLiveCalls({ agent, maxCalls, world: { ...realWorld, ...options.world } });
  const answer = async (request: Request): Promise<Response> => {
    if (request.method === 'GET') return Response.json({ status: 'ok', calls: calls.size });
    if (request.method !== 'POST') {
      return problem(405, 'method_not_allowed', 'An agent is called by POST.', { allow: 'GET, POST' });
    }
    if (!mayCall(request, authorization)) {
      const challenge = { 'www-authenticate': 'Bearer' };
      return problem(401, 'unauthorized', 'The Authorization header is missing or wrong.', challenge);
    }
    return take(calls, await request.text());
  };
  return Object.assign(answer, { settled: () => calls.settled(), stop: (why: string) => calls.stop(why) });
}

function take(calls: LiveCalls, text: string): Response {
  const call = readHttpCall(text);
  if (typeof call === 'string') return problem(400, 'call_invalid', call);
  if (calls.take(call)) return new Response(null, { status: 202 });
  const comeBack = { 'retry-after': String(COME_BACK_AFTER) };
  return problem(429, 'no_room', 'This agent works on as many calls as it can.', comeBack);
}

function mayCall(request: Request, authorization: string | undefined): boolean {
  if (authorization === undefined) return true;
  // Digests have one length, so the comparison tells nothing about the secret, not even how long it is.
  return timingSafeEqual(digest(request.headers.get('authorization') ?? ''), digest(authorization));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function problem(status: number, code: string, detail: string, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify({ type: 'about:blank', status, code, detail }), {
    status,
    headers: { 'content-type': 'application/problem+json', ...headers },
  });
}
