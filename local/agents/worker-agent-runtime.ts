import { createDelivery, type Delivery } from '../../adapters/http/index.ts';
import type { AgentType, Usage } from '../../core/agents/index.ts';
import { InvariantError, UnavailableError } from '../../core/errors/index.ts';
import type { Handle } from '../../core/ids/index.ts';
import type { AgentAnswers, AgentCall, AgentCapacity, AgentRuntime, Clock } from '../../core/ports/index.ts';
import { logOf, type AgentLog } from './agent-log.ts';
import type { FromWorker, WorkerCall } from './worker-protocol.ts';
import { createWorkerPool, type Place, type WorkerPool, type WorkerPoolOptions } from './worker-pool.ts';

export interface WorkerAgentRuntimeOptions extends WorkerPoolOptions {
  readonly answers: AgentAnswers;
  readonly clock: Clock;
  /** Runs `run` once at or after `at` (epoch milliseconds), unless what it answers is called before. */
  readonly schedule: (at: number, run: () => void) => () => void;
  /** Workers that were started ahead; default: a pool of its own, of these options. It ends with the runtime. */
  readonly pool?: WorkerPool;
  /**
   * How long an agent that was told to stop may go on before its worker is terminated, in milliseconds, where whoever tells
   * it does not say. Default 30,000.
   */
  readonly patienceMs?: number;
  readonly onLog?: (log: AgentLog) => void;
  /** A place has come free, and no call waits for it in here. */
  readonly onRoom?: (limit: string, free: number) => void;
  /** Hears when an answer could not be recorded. */
  readonly onError?: (error: unknown) => void;
}

export interface WorkerAgentRuntime extends AgentRuntime {
  /** Terminates all workers. Live calls are not answered: whoever takes up their executions calls again. */
  close(): Promise<void>;
}

/**
 * Local agents in worker processes, one call at a time in each. A worker that dies is replaced and harms no other. Each call is
 * answered once, except when its agent was told to stop and did not: then its worker is terminated, and the engine, which told
 * it to stop, settles the attempt.
 */
export function createWorkerAgentRuntime(options: WorkerAgentRuntimeOptions): WorkerAgentRuntime {
  return new WorkerAgents(options);
}

const LIMIT = 'workers';

/** After its deadline an attempt is lost whatever it answers; a second is enough to hear so and to let go of things. */
const PATIENCE_AFTER_DEADLINE_MS = 1000;

/** A worker that is at work may be free sooner than another one has started; each start costs the engine 3 to 10 ms of its own time. */
const WORTH_A_WORKER_MS = 10;

/** Signs of life are passed on at most this often: agents may send one in each round of a loop. */
const HEARTBEAT_EVERY_MS = 100;

interface Work {
  readonly id: number;
  readonly call: AgentCall;
  readonly message: WorkerCall;
  /** Absent while it waits for one. */
  place?: Place;
  heartbeatAt: number;
  toldToStop: boolean;
  /** As far as its agent has said. */
  usage?: Usage;
  readonly alarms: (() => void)[];
}

class WorkerAgents implements WorkerAgentRuntime {
  readonly #options: WorkerAgentRuntimeOptions;
  readonly #pool: WorkerPool;
  readonly #delivery: Delivery;
  readonly #works = new Map<Handle, Work>();
  readonly #working = new Map<Place, Work>();
  /** Calls beyond `size`: a resumed engine calls again without asking for room. First come, first served. */
  readonly #queue: Work[] = [];
  /** Calls off the look at what still waits. */
  #look: (() => void) | undefined;
  #calls = 0;
  #closed = false;

  constructor(options: WorkerAgentRuntimeOptions) {
    this.#options = options;
    this.#delivery = createDelivery({ answers: options.answers, onError: options.onError ?? (() => undefined) });
    this.#pool = options.pool ?? createWorkerPool(options);
    this.#pool.serve({
      onMessage: (place, message) => this.#hear(place, message),
      onReady: () => this.#serve(),
      onEnd: (place, why) => (place ? this.#bury(place, why) : this.#loseStart(why)),
    });
  }

  async call(call: AgentCall): Promise<void> {
    if (this.#closed) throw new UnavailableError({ code: 'agents_closed', message: 'The agent runtime is closing.' });
    if (this.#works.has(call.handle)) return;
    const id = ++this.#calls;
    const work: Work = { id, call, message: messageOf(id, call), heartbeatAt: 0, toldToStop: false, alarms: [] };
    this.#works.set(call.handle, work);
    this.#queue.push(work);
    this.#serve();
  }

  async cancel(handle: Handle, why: string, patience = this.#options.patienceMs ?? 30_000): Promise<void> {
    const work = this.#works.get(handle);
    if (work) this.#stop(work, why, patience);
  }

  capacity(): AgentCapacity {
    const { size } = this.#pool;
    return { limit: LIMIT, size, free: Math.max(0, size - this.#works.size) };
  }

  outlivesEngine(): boolean {
    return false;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#look?.();
    for (const work of this.#works.values()) silence(work);
    this.#works.clear();
    this.#working.clear();
    this.#queue.length = 0;
    await this.#pool.close();
  }

  /** Gives waiting calls to free workers, and has more of them started for those that go on waiting. */
  #serve(): void {
    while (this.#queue.length > 0 && !this.#closed) {
      const place = this.#pool.take();
      if (!place) return this.#startMore();
      const work = this.#queue.shift();
      if (!work) return;
      work.place = place;
      this.#working.set(place, work);
      const expire = () => this.#stop(work, 'the attempt has reached its deadline', PATIENCE_AFTER_DEADLINE_MS);
      work.alarms.push(this.#options.schedule(work.call.deadline, expire));
      place.send(work.message);
    }
  }

  #startMore(): void {
    if (this.#working.size === 0) return this.#pool.start(this.#queue.length);
    this.#look ??= this.#options.schedule(this.#options.clock.now() + WORTH_A_WORKER_MS, () => {
      this.#look = undefined;
      if (this.#queue.length > 0) this.#pool.start(this.#queue.length);
    });
  }

  #stop(work: Work, why: string, patience: number): void {
    const { place, call } = work;
    if (!place) {
      this.#queue.splice(this.#queue.indexOf(work), 1);
      return this.#end(work, () => this.#delivery.fail(call.handle, neverCalled(why)));
    }
    if (!work.toldToStop) place.send({ kind: 'abort', id: work.id, why });
    work.toldToStop = true;
    work.alarms.push(this.#options.schedule(this.#options.clock.now() + patience, () => place.terminate()));
  }

  #hear(place: Place, message: FromWorker): void {
    const work = this.#working.get(place);
    if (message.kind === 'unfit' || message.kind === 'ready' || work?.id !== message.id) return;
    const { call } = work;
    switch (message.kind) {
      case 'answered':
        return this.#end(work, () => this.#delivery.complete(call.handle, message.text, work.usage));
      case 'failed':
        return this.#end(work, () => this.#delivery.fail(call.handle, message.error, work.usage));
      case 'heartbeat':
        return this.#beat(work);
      case 'usage':
        work.usage = message.total;
        return;
      case 'log':
        return this.#options.onLog?.(logOf(call, message.source, message.text));
    }
  }

  #beat(work: Work): void {
    const now = this.#options.clock.now();
    if (now - work.heartbeatAt < HEARTBEAT_EVERY_MS) return;
    work.heartbeatAt = now;
    void this.#delivery.heartbeat(work.call.handle);
  }

  /** A worker has died. An agent that was told to stop has lost its voice; any other one has crashed. */
  #bury(place: Place, why: string): void {
    const work = this.#working.get(place);
    if (!work) return this.#serve();
    const error = { name: 'AgentCrashed', message: `The agent's worker died: ${why}.` };
    this.#end(work, work.toldToStop ? undefined : () => this.#delivery.fail(work.call.handle, error, work.usage));
  }

  /** A worker could not start: whoever waits longest hears of it, or all would wait for one after the other without end. */
  #loseStart(why: string): void {
    const work = this.#queue.shift();
    if (!work) return;
    const error = { name: 'AgentCrashed', message: `The agent's worker could not start: ${why}.` };
    this.#end(work, () => this.#delivery.fail(work.call.handle, error));
  }

  #end(work: Work, answer?: () => Promise<void>): void {
    silence(work);
    this.#works.delete(work.call.handle);
    if (work.place) {
      this.#working.delete(work.place);
      work.place.giveBack();
    }
    void answer?.();
    this.#serve();
    const { free } = this.capacity();
    if (free > 0 && !this.#closed) this.#options.onRoom?.(LIMIT, free);
  }
}

function silence({ alarms }: Work): void {
  for (const cancel of alarms) cancel();
}

function neverCalled(why: string) {
  return { name: 'AgentUnavailable', message: `No worker was free before it was told to stop: ${why}.` };
}

function messageOf(id: number, call: AgentCall): WorkerCall {
  const { execution, agent, attempt, idempotencyKey, slot, path, input, index, count } = call;
  return {
    kind: 'call',
    id,
    module: moduleOf(call.agentType),
    task: { id: call.task, path, input, index, count },
    context: { execution, agent, attempt, idempotencyKey, ...(slot && { slot }) },
  };
}

function moduleOf(agentType: AgentType): string {
  if (agentType.runtime === 'local') return agentType.module;
  throw new InvariantError({ code: 'not_local', message: `Agent type ${agentType.name} is no local one.` });
}
