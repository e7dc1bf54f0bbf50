import type { Clock } from '../core/ports/index.ts';

/** Node's timers take at most 2^31 - 1 milliseconds (25 days); a state's timeout of a year is a chain of these. */
const LONGEST_WAIT_MS = 2 ** 31 - 1;

/** Runs things at a time. What waits keeps the process alive: a machine that runs has always something that waits. */
export function createSchedule(clock: Clock): (at: number, run: () => void) => () => void {
  return (at, run) => {
    let timer: NodeJS.Timeout;
    const arm = (): void => {
      const left = at - clock.now();
      timer = setTimeout(left > LONGEST_WAIT_MS ? arm : run, Math.max(0, Math.min(left, LONGEST_WAIT_MS)));
    };
    arm();
    return () => clearTimeout(timer);
  };
}

/** Lets everything happen that waits for no time. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}
