import type { BenchGraph } from '../graphs.ts';

/** An engine to measure: how it is had, started and asked. One file for each. */
export interface Peer {
  /** As the command line says it. */
  readonly name: string;
  readonly title: string;
  /** Of the engine and of what it stands on. */
  readonly versions: readonly string[];
  /** Ways in which it runs a graph; each is measured. */
  readonly modes: readonly Mode[];
  /** When a task's result is durable, in a sentence. */
  readonly guarantee: string;
  /** Installs below the folder what is not there yet. Throws, with the reason, when it cannot be had here. */
  install(cache: string): Promise<Installation>;
  start(order: StartOrder): Promise<RunningPeer>;
}

export interface Mode {
  readonly name: string;
  /** In words, for the table. */
  readonly title: string;
}

export interface Installation {
  readonly folder: string;
  /** Of all that was installed, Node.js not counted. */
  readonly megabytes: number;
}

export interface StartOrder {
  readonly folder: string;
  readonly mode: string;
  /** How many tasks may run at once, where the engine has such a limit. */
  readonly slots: number;
}

export interface RunningPeer {
  /** Of the processes it was started with; those below them belong to it as well. */
  readonly pids: readonly number[];
  /** Runs all tasks of the graph, and answers with milliseconds from asking until the result is there. */
  readonly run: (graph: BenchGraph) => Promise<number>;
  /** Ends all processes and removes what they stored. */
  readonly stop: () => Promise<void>;
}

type Cleanup = () => Promise<void> | void;

/** Starts what belongs together: at the end, or when a later part does not start, all is stopped, the last one first. */
export async function startTogether(
  start: (atEnd: (cleanup: Cleanup) => void) => Promise<Omit<RunningPeer, 'stop'>>,
): Promise<RunningPeer> {
  const cleanups: Cleanup[] = [];
  const stop = async (): Promise<void> => {
    for (let cleanup = cleanups.pop(); cleanup; cleanup = cleanups.pop()) await cleanup();
  };
  try {
    return { ...(await start((cleanup) => cleanups.push(cleanup))), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
