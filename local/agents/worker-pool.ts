import { availableParallelism } from 'node:os';
import { MAX_ANSWER_BYTES } from '../../core/agents/index.ts';
import { startAgentWorker, type AgentWorker } from './agent-worker.ts';
import type { FromWorker, ToWorker } from './worker-protocol.ts';

/** A worker process that can take calls, idle or taken by one. */
export interface Place {
  send(message: ToWorker): void;
  giveBack(): void;
  /** Ends the process; its end is told. */
  terminate(): void;
}

export interface WorkerPoolOptions {
  /** Processes at most; default: twice the number of cores, at least 4. */
  readonly size?: number;
  /** Heap of one worker; default 512. */
  readonly memoryMb?: number;
  /** The largest answer, in bytes of JSON. */
  readonly maxAnswerBytes?: number;
}

/** Who gives calls to the workers. */
export interface PoolOwner {
  readonly onMessage: (place: Place, message: FromWorker) => void;
  /** A worker can be taken that could not be before. */
  readonly onReady: () => void;
  /** A process has ended, and another one may be started for it. Without a place: it had not come so far that it could take a call. */
  readonly onEnd: (place: Place | undefined, why: string) => void;
}

/**
 * Processes that are kept while they are fit, with one call in each at a time. A call is given to a worker that is ready, never to one that
 * still starts: in the tenth of a second that this takes, another one may come free.
 */
export interface WorkerPool {
  readonly size: number;
  /** Whoever owns the pool hears of its workers from now on. */
  serve(owner: PoolOwner): void;
  /** Sees to it that so many are on their way, as far as `size` allows. */
  start(count: number): void;
  /** Undefined: all are taken, or not yet ready, or not yet gone. */
  take(): Place | undefined;
  close(): Promise<void>;
}

interface Member {
  readonly worker: AgentWorker;
  readonly place: Place;
  state: 'starting' | 'idle' | 'taken';
  /** It has shown that it should take no further call. */
  unfit: boolean;
}

const noOwner: PoolOwner = { onMessage: () => undefined, onReady: () => undefined, onEnd: () => undefined };

export function createWorkerPool(options: WorkerPoolOptions = {}): WorkerPool {
  const { size = Math.max(4, 2 * availableParallelism()), memoryMb = 512, maxAnswerBytes = MAX_ANSWER_BYTES } = options;
  const members = new Set<Member>();
  let owner = noOwner;

  function startOne(): void {
    const worker = startAgentWorker({
      memoryMb,
      maxAnswerBytes,
      onMessage(message) {
        if (message.kind === 'ready') return release(member);
        if (message.kind === 'unfit') retire(member);
        owner.onMessage(member.place, message);
      },
      onEnd(why) {
        members.delete(member);
        owner.onEnd(member.state === 'starting' ? undefined : member.place, why);
      },
    });
    const member: Member = { worker, place: placeOf(() => member), state: 'starting', unfit: false };
    members.add(member);
  }

  function release(member: Member): void {
    member.state = 'idle';
    owner.onReady();
    // A worker that nobody needs lets the process end.
    if (isIdle(member)) member.worker.setBusy(false);
  }

  return {
    size,
    serve: (newOwner) => {
      owner = newOwner;
    },
    start(count) {
      const starting = [...members].filter(({ state }) => state === 'starting').length;
      const missing = Math.min(count - starting, size - members.size);
      for (let started = 0; started < missing; started += 1) startOne();
    },
    take() {
      // The oldest idle one: it has loaded most modules, and a burst's extra workers stay cold.
      const member = [...members].find((one) => isIdle(one) && !one.unfit);
      if (!member) return undefined;
      member.state = 'taken';
      member.worker.setBusy(true);
      return member.place;
    },
    async close() {
      await Promise.all([...members].map(({ worker }) => worker.terminate()));
    },
  };
}

function placeOf(memberOf: () => Member): Place {
  const place: Place = {
    send: (message) => memberOf().worker.send(message),
    giveBack() {
      const member = memberOf();
      member.state = 'idle';
      member.worker.setBusy(false);
      if (member.unfit) place.terminate();
    },
    terminate() {
      const member = memberOf();
      member.unfit = true;
      void member.worker.terminate();
    },
  };
  return place;
}

/** A function, because states change behind a narrowed type. */
function isIdle({ state }: Member): boolean {
  return state === 'idle';
}

function retire(member: Member): void {
  member.unfit = true;
  if (member.state !== 'taken') member.place.terminate();
}
