import type { Clock } from '../../core/ports/index.ts';
import type { Cancel } from '../interpreter/index.ts';
import { nextTurn } from '../schedule.ts';

/** Time that passes when nothing is left to do: what a machine waits for an hour for comes at once. */
export interface SimulatedTime {
  readonly clock: Clock;
  readonly schedule: (at: number, run: () => void) => Cancel;
  /** Lets time pass until `isOver` says so, or nothing could happen any more. */
  passUntil(isOver: () => boolean): Promise<void>;
}

export function createSimulatedTime(start: number): SimulatedTime {
  let now = start;
  const waiting = new Map<() => void, number>();

  function earliest(): [() => void, number] | undefined {
    let found: [() => void, number] | undefined;
    for (const entry of waiting) if (!found || entry[1] < found[1]) found = entry;
    return found;
  }

  return {
    clock: { now: () => now },
    schedule: (at, run) => {
      const due = (): void => run();
      waiting.set(due, at);
      return () => void waiting.delete(due);
    },
    async passUntil(isOver) {
      for (;;) {
        // Whatever follows from the last step without taking time has happened after this.
        await nextTurn();
        const next = earliest();
        if (isOver() || !next) return;
        const [run, at] = next;
        waiting.delete(run);
        now = Math.max(now, at);
        run();
      }
    },
  };
}
