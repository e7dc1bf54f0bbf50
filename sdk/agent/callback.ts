import type { TaskError, Usage } from '../../core/agents/index.ts';
import { isJsonObject, parseJson } from '../../core/json/index.ts';
import type { World } from './world.ts';

/** Where an attempt is answered, each by POST. */
export interface CallbackUrls {
  readonly complete: string;
  readonly fail: string;
  readonly heartbeat: string;
}

/** The routes of an attempt at the engine's REST API; `apiUrl` as in `https://x.example/prod`, with or without a slash. */
export function callbackUrls(apiUrl: string, handle: string): CallbackUrls {
  const base = `${apiUrl.replace(/\/+$/, '')}/api/v1/tasks/${encodeURIComponent(handle)}`;
  return { complete: `${base}/complete`, fail: `${base}/fail`, heartbeat: `${base}/heartbeat` };
}

export interface CallbackOptions {
  /** Asked each time: a repeated call may bring new ones. */
  readonly urls: () => CallbackUrls;
  readonly world: Pick<World, 'now' | 'after' | 'fetch'>;
  /** Epoch milliseconds after which an answer is not wanted any more. */
  readonly deadline: number;
  /** The engine says that the attempt is over: it was stopped, timed out or answered. */
  readonly onGone: () => void;
  /** Hears what did not work. */
  readonly onTrouble: (message: string) => void;
}

/** What became of an answer: the engine has it; the attempt was over before; nobody has it. */
export type Delivered = 'taken' | 'gone' | 'lost';

/** Answers an attempt by its handle. Nothing here throws: the attempt's timeout is what remains when nothing else helps. */
export interface Callback {
  /** At most one every half second goes out; the others are covered by it. */
  heartbeat(): void;
  /** `text` is JSON. Tries again until the engine has it, or the deadline has passed. */
  complete(text: string, usage?: Usage): Promise<Delivered>;
  fail(error: TaskError, usage?: Usage): Promise<Delivered>;
  /** Gives up a heartbeat that is under way. */
  close(): void;
}

/** Between two heartbeats, in milliseconds: agents beat in loops, and each beat is a write of the engine. */
const BEAT_GAP_MS = 500;
/** Until the engine has taken a request, in milliseconds. */
const ANSWERED_WITHIN_MS = 10_000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
/** Problems by which the engine says that an attempt is over. Any other 404 or 409 is that of a wrong URL. */
const GONE = ['handle_unknown', 'attempt_not_live', 'execution_not_found'];

type Outcome =
  | { readonly kind: 'taken' | 'gone' }
  | { readonly kind: 'refused'; readonly status: number; readonly why: string }
  | { readonly kind: 'again'; readonly why: string; readonly pauseMs?: number };

export function createCallback({ urls, world, deadline, onGone, onTrouble }: CallbackOptions): Callback {
  const closed = new AbortController();
  let nextBeat = 0;

  async function beat(): Promise<void> {
    const outcome = await post(world, urls().heartbeat, '', closed.signal);
    if (closed.signal.aborted) return;
    if (outcome.kind === 'gone') onGone();
    if ('why' in outcome) onTrouble(`A heartbeat was lost: ${outcome.why}`);
  }

  async function deliver(url: () => string, body: string): Promise<Outcome> {
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      const outcome = await post(world, url(), body);
      if (outcome.kind !== 'again') return outcome;
      const wait = Math.max(pause, outcome.pauseMs ?? 0);
      if (world.now() + wait >= deadline) return outcome;
      await new Promise<void>((resolve) => void world.after(wait, resolve));
    }
  }

  async function fail({ name, message, retryable, retryAfter }: TaskError, usage?: Usage): Promise<Delivered> {
    const error = { name, message, retryable, retry_after: retryAfter };
    const outcome = await deliver(() => urls().fail, JSON.stringify({ error, usage }));
    if (!('why' in outcome)) return outcome.kind;
    onTrouble(`The failure ${name} could not be reported: ${outcome.why}`);
    return 'lost';
  }

  return {
    heartbeat() {
      if (closed.signal.aborted || world.now() < nextBeat) return;
      nextBeat = world.now() + BEAT_GAP_MS;
      void beat();
    },
    async complete(text, usage) {
      const said = usage ? `,"usage":${JSON.stringify(usage)}` : '';
      const outcome = await deliver(() => urls().complete, `{"output":${text}${said}}`);
      // The engine cannot take this answer, and will not take it later: said at once, it need not wait for its timeout.
      if (outcome.kind === 'refused' && [400, 413, 422].includes(outcome.status)) {
        const message = `The engine refused the answer: ${outcome.why}`;
        return fail({ name: 'InvalidOutput', message, retryable: false }, usage);
      }
      if (!('why' in outcome)) return outcome.kind;
      onTrouble(`The answer could not be delivered: ${outcome.why}`);
      return 'lost';
    },
    fail,
    close: () => closed.abort(),
  };
}

async function post(world: Pick<World, 'fetch'>, url: string, body: string, signal?: AbortSignal): Promise<Outcome> {
  const late = AbortSignal.timeout(ANSWERED_WITHIN_MS);
  try {
    const response = await world.fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
      redirect: 'manual',
      signal: signal ? AbortSignal.any([signal, late]) : late,
    });
    const text = await response.text();
    return response.ok ? { kind: 'taken' } : refusalOf(response, text);
  } catch (error) {
    return {
      kind: 'again',
      why: `${url} cannot be reached: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
}

function refusalOf({ status, headers }: Response, text: string): Outcome {
  if (GONE.includes(codeOf(text))) return { kind: 'gone' };
  const why = `${status} ${text.slice(0, 500)}`.trim();
  if (status < 500 && status !== 408 && status !== 425 && status !== 429) return { kind: 'refused', status, why };
  const seconds = headers.get('retry-after') ?? '';
  return { kind: 'again', why, ...(/^\d{1,6}$/.test(seconds) && { pauseMs: Number(seconds) * 1000 }) };
}

function codeOf(text: string): string {
  try {
    const problem = parseJson(text);
    return isJsonObject(problem) && typeof problem['code'] === 'string' ? problem['code'] : '';
  } catch {
    return '';
  }
}
