import type { Runtime } from '../functions/runtime.ts';
import type { SimulatedTime } from '../local/index.ts';
import type { Nemesis } from './nemesis.ts';
import type { Trace } from './trace.ts';

/** What carries messages from one service to another, as badly as the nemesis says. */
export interface Messages {
  /** Delivers after so many milliseconds: not at all, once or twice, and perhaps behind what was sent later. */
  carry(what: string, delay: number, deliver: () => void): void;
  /** A message to a function, by a queue: it comes again until it was taken, or has been tried too often. */
  send(what: string, delay: number, take: (runtime: Runtime) => Promise<void>): void;
  /** Messages that were tried too often. */
  readonly deadLetters: readonly string[];
}

export interface MessagesOptions {
  readonly time: SimulatedTime;
  readonly nemesis: Nemesis;
  readonly trace: Trace;
  readonly invoke: (called: string, run: (runtime: Runtime) => Promise<void>) => Promise<void>;
}

/** A message that is late comes within this many milliseconds. */
const LATEST = 5_000;
/** Milliseconds after which a message that was received and not taken comes again; and how often it does. */
const VISIBILITY = 60_000;
const RECEIVES = 5;

export function createMessages({ time, nemesis, trace, invoke }: MessagesOptions): Messages {
  const deadLetters: string[] = [];
  const later = (delay: number, run: () => void): void => void time.schedule(Math.ceil(time.clock.now() + delay), run);

  function carry(what: string, delay: number, deliver: () => void): void {
    if (nemesis.strikes('message_lost', what)) return;
    const copies = nemesis.strikes('message_twice', what) ? 2 : 1;
    for (let copy = 0; copy < copies; copy += 1) {
      const late = nemesis.strikes('message_late', what);
      later(delay + (late ? late.amount * LATEST : 0), deliver);
    }
  }

  function receive(what: string, take: (runtime: Runtime) => Promise<void>, tries: number): void {
    invoke(what, take).catch(() => {
      if (tries < RECEIVES) return later(VISIBILITY, () => receive(what, take, tries + 1));
      deadLetters.push(what);
      trace.add('dead letter', what);
    });
  }

  return {
    deadLetters,
    carry,
    send: (what, delay, take) => carry(what, delay, () => receive(what, take, 1)),
  };
}
