import { setImmediate as turnOfTheEventLoop } from 'node:timers/promises';
import type { Timer, Timers } from '../../core/ports/index.ts';
import type { SimulatedClock } from './simulated-clock.ts';

export interface SimulatedTimers extends Timers {
  /** What waits, soonest first. */
  waiting(): readonly { readonly timer: Timer; readonly at: number }[];
  /** Moves the clock to the next timer and delivers it. False: none waits. */
  advanceToNext(): Promise<boolean>;
  /** Moves the clock to `time` and delivers what is due on the way, in order. */
  runUntil(time: number): Promise<void>;
  /** Delivers, in order of time, until none waits. */
  runUntilIdle(): Promise<void>;
}

/** Deliveries after which a test has certainly lost its way: a timer that schedules itself for ever. */
const MOST_DELIVERIES = 100_000;

interface SimulatedTimersOptions {
  readonly clock: SimulatedClock;
  readonly deliver: (timer: Timer) => Promise<void>;
}

/** Timers whose time is the simulated clock's. After each delivery the event loop turns once, so that its effects show. */
export function createSimulatedTimers({ clock, deliver }: SimulatedTimersOptions): SimulatedTimers {
  let queue: { readonly timer: Timer; readonly at: number }[] = [];

  async function advanceToNext(): Promise<boolean> {
    const [next, ...rest] = queue;
    if (next === undefined) return false;
    queue = rest;
    clock.advanceTo(next.at);
    await deliver(next.timer);
    await turnOfTheEventLoop();
    return true;
  }

  async function runWhile(goesOn: () => boolean): Promise<void> {
    for (let deliveries = 0; goesOn(); deliveries += 1) {
      if (deliveries === MOST_DELIVERIES) throw new Error(`more than ${MOST_DELIVERIES} timers were delivered`);
      await advanceToNext();
    }
  }

  return {
    // The sort is stable: of two at the same time, the one scheduled first goes first.
    schedule: async (timer, at) => {
      queue = [...queue, { timer, at }].sort((a, b) => a.at - b.at);
    },
    waiting: () => queue,
    advanceToNext,
    runUntil: async (time) => {
      await runWhile(() => queue[0] !== undefined && queue[0].at <= time);
      clock.advanceTo(time);
    },
    runUntilIdle: () => runWhile(() => queue.length > 0),
  };
}
