import { describe, expect, it } from 'vitest';
import type { Ids } from '../../core/ports/index.ts';

/** What every Ids does. `create` makes one that no test has used. */
export function idsContract(name: string, create: () => Ids): void {
  describe(name, () => {
    it('names executions exec_ and 26 characters of Crockford base 32', () => {
      const ids = create();

      for (let made = 0; made < 100; made += 1) {
        expect(ids.executionId()).toMatch(/^exec_[0-9A-HJKMNP-TV-Z]{26}$/);
      }
    });

    it('names executions so that they sort by the order in which they were made, each its own', () => {
      const ids = create();

      const made = Array.from({ length: 5_000 }, () => ids.executionId());

      expect(made.toSorted()).toEqual(made);
      expect(new Set(made).size).toBe(made.length);
    });

    it('names engines eng_ and 128 bits that are never the same', () => {
      const ids = create();

      const made = Array.from({ length: 5_000 }, () => ids.engineId());

      for (const engineId of made) expect(engineId).toMatch(/^eng_[\w-]{22}$/);
      expect(new Set(made).size).toBe(made.length);
    });

    it('draws numbers from 0 up to, not including, 1, evenly', () => {
      const ids = create();

      const drawn = Array.from({ length: 10_000 }, () => ids.random());

      expect(Math.min(...drawn)).toBeGreaterThanOrEqual(0);
      expect(Math.max(...drawn)).toBeLessThan(1);
      const tenths = drawn.reduce(
        (counts, number) => {
          const tenth = Math.floor(number * 10);
          return counts.with(tenth, counts[tenth]! + 1);
        },
        Array.from<number>({ length: 10 }).fill(0),
      );
      // 1,000 each, 30 standard deviation: 10 of those are out of chance's reach.
      for (const count of tenths) expect(Math.abs(count - 1_000)).toBeLessThan(300);
    });
  });
}
