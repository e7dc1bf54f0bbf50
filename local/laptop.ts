import { createSecret, createSystemClock, createSystemIds, createTimers } from '../adapters/embedded/index.ts';
import type { AgentFunction } from '../core/agents/index.ts';
import type { ExecutionId } from '../core/ids/index.ts';
import { createInProcessAgentRuntime, createWorkerAgentRuntime, type AgentLog } from './agents/index.ts';
import { createEmbeddedRuntime, type EmbeddedRuntime, type World } from './embedded-runtime.ts';
import { createReader, type Reader } from './reader.ts';
import { createSchedule } from './schedule.ts';
import { createMemoryStores, openOwnedStores } from './stores.ts';

export interface LaptopOptions {
  /** Path of the database file; absent: in memory, gone with the process. */
  readonly database?: string;
  /** Local agents at once; default: twice the number of cores, at least 4. */
  readonly workers?: number;
  /** Agents by their module's path that run in the engine's own thread: no isolation, for tests and measurements. */
  readonly functions?: ReadonlyMap<string, AgentFunction>;
  /** Hears what agents log and print. */
  readonly onAgentLog?: (log: AgentLog) => void;
  /** Hears of errors after which the engine cannot promise to go on by itself. */
  readonly onError?: (error: unknown) => void;
}

/** The embedded runtime in the real world: this machine's clock, its worker threads, a listener on 127.0.0.1. */
export interface Laptop {
  readonly runtime: EmbeddedRuntime;
  readonly reader: Reader;
  /** Ids of executions that a process has left unfinished, oldest first. */
  unfinished(): Promise<readonly ExecutionId[]>;
  /** Ends workers, listener and timers, makes what is queued durable, gives the database up. */
  close(): Promise<void>;
}

/** Throws ConflictError (`database_owned`) when another process runs on the database, and what opening it throws. */
export async function openLaptop(options: LaptopOptions = {}): Promise<Laptop> {
  const stores =
    options.database === undefined
      ? createMemoryStores(createSecret())
      : await openOwnedStores(options.database, createSecret);
  const closers: (() => Promise<void> | void)[] = [stores.close];
  const runtime = createEmbeddedRuntime({ stores, world: worldOf(options, closers) });
  return {
    runtime,
    reader: createReader(stores),
    unfinished: () => stores.ledger.listOpenExecutions(),
    async close() {
      runtime.close();
      // The other way round than they were opened: nothing may write to a closed database.
      for (const closeOne of closers.reverse()) await closeOne();
    },
  };
}

function worldOf(options: LaptopOptions, closers: (() => Promise<void> | void)[]): World {
  const clock = createSystemClock();
  const schedule = createSchedule(clock);
  const onError = options.onError ?? (() => undefined);
  return {
    clock,
    ids: createSystemIds({ clock }),
    schedule,
    createTimers(deliver) {
      const timers = createTimers({ clock, deliver, onError, keepAlive: false });
      closers.push(() => timers.close());
      return timers;
    },
    createAgents(answers, onRoom) {
      const { functions, onAgentLog, workers } = options;
      const reports = { answers, onError, ...(onAgentLog && { onLog: onAgentLog }) };
      if (functions) return createInProcessAgentRuntime({ ...reports, functions });
      const size = workers === undefined ? {} : { size: workers };
      const local = createWorkerAgentRuntime({ ...reports, ...size, clock, schedule, onRoom });
      closers.push(() => local.close());
      return local;
    },
  };
}
