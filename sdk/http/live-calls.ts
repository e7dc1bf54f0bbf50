import { MAX_ANSWER_BYTES, type AgentFunction } from '../../core/agents/index.ts';
import { answerText, createUsageMeter, taskErrorOf, type UsageMeter } from '../../core/answers/index.ts';
import {
  AgentError,
  createCallback,
  logLine,
  underLimits,
  type Callback,
  type CallbackUrls,
  type World,
} from '../agent/index.ts';
import type { HttpCall } from './http-call.ts';

/** Calls that are being worked for, and the handles of those that were. */
export interface LiveCalls {
  readonly size: number;
  /** False when there is no room for it. A call that is known already is taken, and worked for once. */
  take(call: HttpCall): boolean;
  settled(): Promise<void>;
  stop(why: string): void;
}

export interface LiveCallsOptions {
  readonly agent: AgentFunction;
  readonly maxCalls: number;
  readonly world: World;
}

/** From the signal until a handler that ignores it is given up, in milliseconds. */
const GRACE_MS = 1500;
/** Handles that have been answered, and must not be worked for again. */
const REMEMBERED_HANDLES = 10_000;

interface LiveCall {
  urls: CallbackUrls;
  stop: (reason: AgentError) => void;
  ended: Promise<void>;
}

export function createLiveCalls({ agent, maxCalls, world }: LiveCallsOptions): LiveCalls {
  const live = new Map<string, LiveCall>();
  const answered = new Set<string>();

  function start(call: HttpCall): void {
    const entry: LiveCall = { urls: call.callback, stop: () => undefined, ended: Promise.resolve() };
    live.set(call.handle, entry);
    entry.ended = work(agent, { call, entry, world }).then((isSettled) => {
      live.delete(call.handle);
      // An answer that nobody has is worked for again, should the call come again.
      if (isSettled) remember(answered, call.handle);
    });
  }

  return {
    get size() {
      return live.size;
    },
    take(call) {
      const known = live.get(call.handle);
      // A resumed engine calls again, and listens elsewhere.
      if (known) known.urls = call.callback;
      if (known || answered.has(call.handle)) return true;
      if (live.size >= maxCalls) return false;
      start(call);
      return true;
    },
    async settled() {
      while (live.size > 0) await Promise.all([...live.values()].map(({ ended }) => ended));
    },
    stop(why) {
      for (const { stop } of live.values()) stop(new AgentError('AgentUnavailable', why));
    },
  };
}

function remember(handles: Set<string>, handle: string): void {
  handles.add(handle);
  const [oldest] = handles;
  if (handles.size > REMEMBERED_HANDLES && oldest !== undefined) handles.delete(oldest);
}

interface Work {
  readonly call: HttpCall;
  readonly entry: LiveCall;
  readonly world: World;
}

/** True when the engine has the answer, or wants none. */
async function work(agent: AgentFunction, { call, entry, world }: Work): Promise<boolean> {
  const deadline = Date.parse(call.deadline);
  const say = (level: 'INFO' | 'WARN' | 'ERROR', message: string) =>
    world.print(logLine(call, call.path, { level, message }));
  const callback = createCallback({
    urls: () => entry.urls,
    world,
    deadline,
    onGone: () => entry.stop(new AgentError('AttemptTimeout', 'The engine does not wait for this attempt any more.')),
    onTrouble: (message) => say('WARN', message),
  });
  const meter = createUsageMeter((message) => say('WARN', message));
  const limits = { stopAt: deadline, why: "The attempt's timeout has passed.", graceMs: GRACE_MS, world };
  try {
    const text = await underLimits(limits, async (signal, stop) => {
      entry.stop = stop;
      return answerText(await agent(taskOf(call), contextOf(call, { signal, callback, meter, say })), MAX_ANSWER_BYTES);
    });
    return (await callback.complete(text, meter.total())) !== 'lost';
  } catch (thrown) {
    const error = taskErrorOf(thrown);
    say('ERROR', `${error.name}: ${thrown instanceof Error ? (thrown.stack ?? error.message) : error.message}`);
    return (await callback.fail(error, meter.total())) !== 'lost';
  } finally {
    callback.close();
  }
}

function taskOf({ task: id, path, input, index, count }: HttpCall): Parameters<AgentFunction>[0] {
  return { id, path, input, index, count };
}

interface Means {
  readonly signal: AbortSignal;
  readonly callback: Callback;
  readonly meter: UsageMeter;
  readonly say: (level: 'INFO', message: string) => void;
}

function contextOf(call: HttpCall, { signal, callback, meter, say }: Means): Parameters<AgentFunction>[1] {
  const { execution, agent, attempt, idempotency_key: idempotencyKey, slot } = call;
  return {
    execution,
    agent,
    attempt,
    idempotencyKey,
    ...(slot && { slot }),
    signal,
    heartbeat: () => callback.heartbeat(),
    usage: (used) => meter.add(used),
    log: (message) => say('INFO', message),
  };
}
