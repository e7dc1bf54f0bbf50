import { describe, expect, it } from 'vitest';
import { executionId } from '../../core/ids/index.ts';
import type { Timer, Timers } from '../../core/ports/index.ts';

export interface TimersOnTrial {
  readonly timers: Timers;
  readonly now: () => number;
  readonly advanceBy: (milliseconds: number) => Promise<void>;
}

const timer = (id: string): Timer => ({ kind: 'grace', execution: executionId(id) });
/** Beyond 2^31 - 1 milliseconds, where Node's own timers give up: 40 days. */
const LONG_MS = 40 * 24 * 3_600_000;

/**
 * What every Timers does. `create` makes some that deliver to the function it is given; they are told times in whole ticks, of
 * milliseconds unless it says otherwise.
 */
export function timersContract(
  name: string,
  create: (deliver: (timer: Timer) => Promise<void>) => TimersOnTrial,
  tick = 1,
): void {
  const long = LONG_MS / tick;
  interface Started extends TimersOnTrial {
    readonly delivered: [string, number][];
    readonly schedule: (id: string, wait: number) => Promise<void>;
  }

  function start(): Started {
    const delivered: [string, number][] = [];
    const origin = { at: 0 };
    const trial = create(async ({ execution }) => {
      delivered.push([execution, (trial.now() - origin.at) / tick]);
    });
    origin.at = trial.now();
    const schedule = (id: string, wait: number) => trial.timers.schedule(timer(id), origin.at + wait * tick);
    return { ...trial, advanceBy: (ticks) => trial.advanceBy(ticks * tick), delivered, schedule };
  }

  describe(name, () => {
    it('delivers at the time and not before', async () => {
      const { schedule, advanceBy, delivered } = start();
      await schedule('a', 1_000);

      await advanceBy(999);
      expect(delivered).toEqual([]);
      await advanceBy(1);
      expect(delivered).toEqual([['a', 1_000]]);
      await advanceBy(long);
      expect(delivered).toHaveLength(1);
    });

    it('delivers in order of time, whatever the order of scheduling', async () => {
      const { schedule, advanceBy, delivered } = start();
      await schedule('c', 30);
      await schedule('a', 10);
      await schedule('d', 40);
      await schedule('b', 20);

      await advanceBy(100);

      expect(delivered).toEqual([
        ['a', 10],
        ['b', 20],
        ['c', 30],
        ['d', 40],
      ]);
    });

    it('delivers timers of the same time in the order of scheduling, equal ones too', async () => {
      const { schedule, advanceBy, delivered } = start();
      for (const id of ['a', 'b', 'b', 'c', 'd']) await schedule(id, 5);

      await advanceBy(5);

      expect(delivered.map(([id]) => id)).toEqual(['a', 'b', 'b', 'c', 'd']);
    });

    it('delivers a timer whose time is past', async () => {
      const { schedule, advanceBy, delivered } = start();
      await schedule('late', -1_000);

      await advanceBy(1);

      expect(delivered.map(([id]) => id)).toEqual(['late']);
    });

    it('waits longer than Node can', async () => {
      const { schedule, advanceBy, delivered } = start();
      await schedule('far', long);

      await advanceBy(long - 1);
      expect(delivered).toEqual([]);
      await advanceBy(1);
      expect(delivered).toEqual([['far', long]]);
    });

    it('takes timers from inside a delivery', async () => {
      const chain: number[] = [];
      const trial: TimersOnTrial = create(async () => {
        chain.push(trial.now());
        if (chain.length < 3) await trial.timers.schedule(timer('next'), trial.now() + 10 * tick);
      });
      const origin = trial.now();
      await trial.timers.schedule(timer('first'), origin + 10 * tick);

      await trial.advanceBy(100 * tick);

      expect(chain).toEqual([origin + 10 * tick, origin + 20 * tick, origin + 30 * tick]);
    });
  });
}
