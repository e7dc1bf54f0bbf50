import { startAgentWorker, type AgentWorker } from './agent-worker.ts';
import type { FromWorker, ToWorker } from './worker-protocol.ts';

/** A worker process, idle or taken by one call. */
export interface Place {
  send(message: ToWorker): void;
  giveBack(): void;
  /** Ends the process; its `onEnd` follows. */
  terminate(): void;
}

export interface WorkerPoolOptions {
  readonly size: number;
  readonly memoryMb: number;
  readonly maxAnswerBytes: number;
  readonly onMessage: (place: Place, message: FromWorker) => void;
  /** The process of a place has ended; the place is gone, and another one may be taken for it. */
  readonly onEnd: (place: Place, why: string) => void;
}

/** Processes that are started when they are needed, kept while they are fit, and one call in each at a time. */
export interface WorkerPool {
  /** Undefined: all are taken, or not yet gone. */
  take(): Place | undefined;
  close(): Promise<void>;
}

interface Member {
  readonly worker: AgentWorker;
  readonly place: Place;
  taken: boolean;
  /** It has shown that it should take no further call. */
  unfit: boolean;
}

export function createWorkerPool(options: WorkerPoolOptions): WorkerPool {
  const members = new Set<Member>();

  function start(): Member {
    const worker = startAgentWorker({
      ...options,
      onMessage(message) {
        if (message.kind === 'unfit') retire(member);
        options.onMessage(member.place, message);
      },
      onEnd(why) {
        members.delete(member);
        options.onEnd(member.place, why);
      },
    });
    const place: Place = {
      send: (message) => worker.send(message),
      giveBack() {
        member.taken = false;
        worker.setBusy(false);
        if (member.unfit) place.terminate();
      },
      terminate() {
        member.unfit = true;
        void worker.terminate();
      },
    };
    const member: Member = { worker, place, taken: false, unfit: false };
    members.add(member);
    return member;
  }

  return {
    take() {
      // The oldest idle one: it has loaded most modules, and a burst's extra workers stay cold.
      const idle = [...members].find((member) => !member.taken && !member.unfit);
      const member = idle ?? (members.size < options.size ? start() : undefined);
      if (!member) return undefined;
      member.taken = true;
      member.worker.setBusy(true);
      return member.place;
    },
    async close() {
      await Promise.all([...members].map((member) => member.worker.terminate()));
    },
  };
}

function retire(member: Member): void {
  member.unfit = true;
  if (!member.taken) member.place.terminate();
}
