import { startAgentWorker, type AgentWorker } from './agent-worker.ts';
import type { FromWorker, ToWorker } from './worker-protocol.ts';

/** A worker thread, idle or taken by one call. */
export interface Place {
  send(message: ToWorker): void;
  giveBack(): void;
  /** Ends the thread; its `onEnd` follows. */
  terminate(): void;
}

export interface WorkerPoolOptions {
  readonly size: number;
  readonly memoryMb: number;
  readonly maxAnswerBytes: number;
  readonly onMessage: (place: Place, message: FromWorker) => void;
  /** The thread of a place has ended; the place is gone, and another one may be taken for it. */
  readonly onEnd: (place: Place, why: string) => void;
}

/** Threads that are started when they are needed, kept while they are fit, and one call in each at a time. */
export interface WorkerPool {
  /** Undefined: all are taken, or not yet gone. */
  take(): Place | undefined;
  close(): Promise<void>;
}

interface Thread {
  readonly worker: AgentWorker;
  readonly place: Place;
  taken: boolean;
  /** It has shown that it should take no further call. */
  unfit: boolean;
}

export function createWorkerPool(options: WorkerPoolOptions): WorkerPool {
  const threads = new Set<Thread>();

  function start(): Thread {
    const worker = startAgentWorker({
      ...options,
      onMessage(message) {
        if (message.kind === 'unfit') retire(thread);
        options.onMessage(thread.place, message);
      },
      onEnd(why) {
        threads.delete(thread);
        options.onEnd(thread.place, why);
      },
    });
    const place: Place = {
      send: (message) => worker.send(message),
      giveBack() {
        thread.taken = false;
        worker.setBusy(false);
        if (thread.unfit) place.terminate();
      },
      terminate() {
        thread.unfit = true;
        void worker.terminate();
      },
    };
    const thread: Thread = { worker, place, taken: false, unfit: false };
    threads.add(thread);
    return thread;
  }

  return {
    take() {
      // The oldest idle one: it has loaded most modules, and a burst's extra workers stay cold.
      const idle = [...threads].find((thread) => !thread.taken && !thread.unfit);
      const thread = idle ?? (threads.size < options.size ? start() : undefined);
      if (!thread) return undefined;
      thread.taken = true;
      thread.worker.setBusy(true);
      return thread.place;
    },
    async close() {
      await Promise.all([...threads].map((thread) => thread.worker.terminate()));
    },
  };
}

function retire(thread: Thread): void {
  thread.unfit = true;
  if (!thread.taken) thread.place.terminate();
}
