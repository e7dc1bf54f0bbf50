import type { Clock, Timer, Timers } from '../../core/ports/index.ts';
import { createTimerHeap, type Due } from './timer-heap.ts';

/**
 * The longest single wait in milliseconds; a longer one is a chain of these. Node's own limit is 2^31 - 1, but its clock may
 * stand still while a laptop sleeps: this is how late a timer can be after waking up.
 */
const LONGEST_WAIT_MS = 60_000;

/** Waits between deliveries that fail: 1, 2, 4, … up to 60 seconds. */
const FIRST_REDELIVERY_MS = 1_000;
const LAST_REDELIVERY_MS = 60_000;

export interface TimersOptions {
  readonly clock: Clock;
  readonly deliver: (timer: Timer) => Promise<void>;
  /** Hears of each delivery that fails; the timer is delivered again later. */
  readonly onError: (error: unknown, timer: Timer) => void;
  /** False: waiting timers alone do not keep the process alive. Default true. */
  readonly keepAlive?: boolean;
}

export interface EmbeddedTimers extends Timers {
  /** Forgets all that wait. The ledger knows them: whoever resumes its executions schedules them again. */
  close(): void;
}

export function createTimers(options: TimersOptions): EmbeddedTimers {
  const { clock, keepAlive = true } = options;
  const heap = createTimerHeap();
  let order = 0;
  let closed = false;
  let armed: NodeJS.Timeout | undefined;

  function add(due: Due): void {
    heap.push(due);
    if (heap.peek() === due) arm(due);
  }

  function arm(next: Due): void {
    clearTimeout(armed);
    if (closed) return;
    armed = setTimeout(fire, Math.min(Math.max(next.at - clock.now(), 0), LONGEST_WAIT_MS));
    if (!keepAlive) armed.unref();
  }

  function fire(): void {
    const now = clock.now();
    let next = heap.peek();
    // A delivery may close the timers.
    for (; !closed && next !== undefined && next.at <= now; next = heap.peek()) {
      heap.pop();
      void attempt(next);
    }
    if (next !== undefined) arm(next);
  }

  async function attempt(due: Due): Promise<void> {
    if (await isDelivered(due.timer, options)) return;
    add({ ...due, at: clock.now() + redeliveryWait(due), order: order++, failures: due.failures + 1 });
  }

  return {
    schedule: async (timer, at) => add({ timer, at, order: order++, failures: 0 }),
    close: () => {
      closed = true;
      clearTimeout(armed);
    },
  };
}

async function isDelivered(timer: Timer, { deliver, onError }: TimersOptions): Promise<boolean> {
  try {
    await deliver(timer);
    return true;
  } catch (error) {
    onError(error, timer);
    return false;
  }
}

function redeliveryWait({ failures }: Due): number {
  return Math.min(FIRST_REDELIVERY_MS * 2 ** failures, LAST_REDELIVERY_MS);
}
