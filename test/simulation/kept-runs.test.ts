import { describe, expect, it } from 'vitest';
import { oddsOf } from '../../simulation/nemesis.ts';
import { play } from '../../simulation/play.ts';
import { playOf } from '../../simulation/random-play.ts';
import type { Scenario } from '../../simulation/scenario.ts';
import kept from './kept-runs.json' with { type: 'json' };

/** A seed proves nothing once the generator has changed, so its workflow is kept beside it, with the faults that it took. */
interface Kept {
  readonly why: string;
  readonly seed: number;
  readonly faults: readonly string[];
  readonly scenario: Scenario;
}

describe('the engine', () => {
  // JSON widens literals to strings; what stands there was printed from a Scenario.
  it.each(kept as unknown as readonly Kept[])(
    'keeps its promises in a run in which once it did not: $why',
    async ({ seed, faults, scenario }) => {
      const run = await play(playOf(scenario), { seed, odds: oddsOf(seed), only: new Set(faults) });

      expect(run.faults.map(({ name }) => name)).toEqual(faults);
      expect(run.broken).toEqual([]);
    },
  );
});
