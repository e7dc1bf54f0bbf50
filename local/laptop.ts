import { announceOwner, createSecret, createSystemIds, createTimers } from '../adapters/embedded/index.ts';
import { createHttpAgentRuntime } from '../adapters/http/index.ts';
import type { Control } from '../api/index.ts';
import type { AgentFunction } from '../core/agents/index.ts';
import type { ParentTask } from '../core/execution/index.ts';
import type { ExecutionId } from '../core/ids/index.ts';
import type { Clock, Ids, LedgerStore } from '../core/ports/index.ts';
import {
  createAgentRuntimes,
  createInProcessAgentRuntime,
  createWorkerAgentRuntime,
  type AgentLog,
  type WorkerPool,
} from './agents/index.ts';
import { catchUpViews } from './catch-up-views.ts';
import { durableReads } from './durable-reads.ts';
import { createEmbeddedRuntime, type EmbeddedRuntime, type World } from './embedded-runtime.ts';
import type { Listener } from './listener.ts';
import { createReader, type Reader } from './reader.ts';
import { createSchedule } from './schedule.ts';
import { createMemoryStores, openOwnedStores, type OwnedStores } from './stores.ts';

/** How a laptop is reached. */
export interface Reach {
  /** 0: a free one. */
  readonly port: number;
  /** Answers requests; `control` is for other processes of this machine. Called once, before the first of them comes. */
  readonly createApp: (inside: Inside, control: Control) => Promise<App>;
}

/** What a server of the laptop works with. */
export interface Inside {
  readonly runtime: EmbeddedRuntime;
  readonly stores: OwnedStores;
  readonly ids: Ids;
}

interface App {
  readonly fetch: (request: Request) => Response | Promise<Response>;
}

export interface LaptopOptions {
  /** Whose executions these are; default `local`. */
  readonly tenant?: string;
  /** Absent: a free port for answers of agents and for control, when they are needed. */
  readonly reach?: Reach;
  /** Path of the database file; absent: in memory, gone with the process. */
  readonly database?: string;
  /** Local agents at once; default: twice the number of cores, at least 4. */
  readonly workers?: number;
  /** Worker processes that were started ahead, in place of `workers`; they end with the laptop. */
  readonly pool?: WorkerPool;
  /** Agents by their module's path that run in the engine's own process: no isolation, for tests and measurements. */
  readonly functions?: ReadonlyMap<string, AgentFunction>;
  /** Hears what agents log and print. */
  readonly onAgentLog?: (log: AgentLog) => void;
  /** Hears of errors after which the engine cannot promise to go on by itself. */
  readonly onError?: (error: unknown) => void;
}

/** The embedded runtime in the real world: this machine's clock, its worker processes, a listener on 127.0.0.1. */
export interface Laptop {
  readonly runtime: EmbeddedRuntime;
  readonly reader: Reader;
  /** Ids of executions that a process has left unfinished, oldest first. Children are taken up with their parents, and left out. */
  unfinished(): Promise<readonly ExecutionId[]>;
  readonly inside: Inside;
  /** Where it listens; it begins to, unless it does already. Throws ConflictError (`port_in_use`). */
  listen(): Promise<string>;
  /** Ends workers, listener and timers, makes what is queued durable, gives the database up. */
  close(): Promise<void>;
}

/** Long after a short run has ended, and before a person has typed `skein cancel`. */
const LISTENS_AFTER_MS = 300;

type Close = () => Promise<void> | void;

/** Throws ConflictError (`database_owned`) when another process runs on the database, and what opening it throws. */
export async function openLaptop(options: LaptopOptions = {}): Promise<Laptop> {
  const stores =
    options.database === undefined
      ? createMemoryStores(createSecret())
      : await openOwnedStores(options.database, createSecret);
  if (stores.database) await catchUpViews(stores);
  const closers: Close[] = [stores.close];
  const { clock } = stores;
  const schedule = createSchedule(clock);
  const ids = createSystemIds({ clock });
  let listening: Promise<Listener> | undefined;
  const listener = () => (listening ??= listen({ runtime, stores, ids }, options));
  const callbackUrl = async () => (await listener()).url;
  const world = worldOf(options, { clock, ids, schedule, closers, callbackUrl });
  const { tenant } = options;
  const runtime = createEmbeddedRuntime({ stores, world, ...(tenant !== undefined && { tenant }) });
  closers.push(
    () => runtime.close(),
    stores.database ? tidyUp(runtime, stores, { clock, schedule, onError: options.onError }) : () => undefined,
    async () => (await listening)?.close(),
    stores.database
      ? schedule(clock.now() + LISTENS_AFTER_MS, () => void listener().catch(options.onError))
      : () => undefined,
  );
  return {
    runtime,
    reader: createReader({ ...stores, ledger: durableReads(stores.ledger) }, () => true),
    inside: { runtime, stores, ids },
    listen: callbackUrl,
    unfinished: () => listOutermost(stores.ledger),
    async close() {
      // The other way round than they were opened: nothing may write to a closed database.
      for (const closeOne of closers.reverse()) await closeOne();
    },
  };
}

/** Milliseconds between two looks at the slots of pools: what a killed process had is free again after two of them. */
const SWEEPS_EVERY_MS = 5_000;

/** And between two looks for answers in the cache that are over. */
const FORGETS_EVERY_MS = 600_000;

type Tidying = Pick<World, 'clock' | 'schedule'> & { readonly onError: ((error: unknown) => void) | undefined };

/** Takes back slots that processes had which have died, and forgets what nobody misses, as long as it is not closed. */
function tidyUp(runtime: EmbeddedRuntime, { forget }: OwnedStores, { clock, schedule, onError }: Tidying): Close {
  let cancel: () => void;
  let under: Promise<unknown> = Promise.resolve();
  let forgotten = clock.now();
  const next = (): void => {
    cancel = schedule(clock.now() + SWEEPS_EVERY_MS, () => {
      under = runtime.sweepPools({ grace: 0, every: SWEEPS_EVERY_MS }).catch(onError);
      void under.then(next);
      if (clock.now() < forgotten + FORGETS_EVERY_MS) return;
      forgotten = clock.now();
      forget?.(forgotten);
    });
  };
  next();
  return async () => {
    cancel();
    await under;
    cancel();
  };
}

async function listOutermost(ledger: LedgerStore): Promise<readonly ExecutionId[]> {
  const open = await ledger.listOpenExecutions();
  const records = await Promise.all(open.map((id) => ledger.findExecution(id)));
  const isTakenUp = (parent: ParentTask | undefined) => parent !== undefined && open.includes(parent.execution);
  return open.filter((_, i) => !isTakenUp(records[i]?.parent));
}

/**
 * Takes answers of agents on servers, and what other processes ask of this one; tells them where. Loaded when it is needed:
 * a short run without such agents should not wait for an HTTP server.
 */
async function listen(inside: Inside, { onError, reach }: LaptopOptions): Promise<Listener> {
  const [{ createHandleRoutes }, { startListener }] = await Promise.all([
    import('../api/index.ts'),
    import('./listener.ts'),
  ]);
  const { runtime, stores } = inside;
  const since = stores.clock.now();
  const secret = createSecret();
  const control: Control = {
    secret,
    cancel: (id, by) => runtime.cancel(id, by),
    pause: (id, request) => runtime.pause(id, request),
    unpause: (id, by) => runtime.unpause(id, { by }),
    decide: (approval, decision) => runtime.decide(approval, decision),
    intervene: (place, asked) => runtime.intervene(place, asked),
    resetBreaker: (agent, by) => runtime.resetBreaker(agent, by),
    clearCache: (clearing) => runtime.clearCache(clearing),
    changeInstance: (change) => runtime.changeInstance(change),
    redriveIncident: (id, by) => runtime.redriveIncident(id, by),
    closeIncident: (id, asked) => runtime.closeIncident(id, asked),
    publish: (event) => runtime.emit(event),
  };
  const app = reach
    ? await reach.createApp(inside, control)
    : createHandleRoutes({ answers: runtime.answers, control, ...(onError && { onError }) });
  const port = reach?.port ?? 0;
  const listener = await startListener({ answer: (request) => app.fetch(request), port });
  if (stores.database) await announceOwner(stores.database, { pid: process.pid, port: listener.port, secret, since });
  return listener;
}

interface Parts {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly schedule: World['schedule'];
  readonly closers: Close[];
  readonly callbackUrl: () => Promise<string>;
}

function worldOf(options: LaptopOptions, { clock, ids, schedule, closers, callbackUrl }: Parts): World {
  const onError = options.onError ?? (() => undefined);
  return {
    clock,
    ids,
    schedule,
    createTimers(deliver) {
      const timers = createTimers({ clock, deliver, onError, keepAlive: false });
      closers.push(() => timers.close());
      return timers;
    },
    createAgents(answers, onRoom) {
      const { functions, onAgentLog, workers: size, pool } = options;
      const reports = { answers, onError, ...(onAgentLog && { onLog: onAgentLog }) };
      const http = createHttpAgentRuntime({ ...reports, fetch: globalThis.fetch, callbackUrl });
      if (functions)
        return createAgentRuntimes({ local: createInProcessAgentRuntime({ ...reports, functions }), http });
      const processes = { ...(size !== undefined && { size }), ...(pool && { pool }) };
      const local = createWorkerAgentRuntime({ ...reports, ...processes, clock, schedule, onRoom });
      closers.push(() => local.close());
      return createAgentRuntimes({ local, http });
    },
  };
}
