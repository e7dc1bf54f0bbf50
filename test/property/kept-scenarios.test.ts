import { describe, expect, it } from 'vitest';
import type { Scenario } from '../../simulation/index.ts';
import { complaintAbout } from './agreement.ts';
import kept from './kept-seeds.json' with { type: 'json' };

/** A seed proves nothing once the generator has changed, so the shrunk scenario is kept beside it. */
interface Kept {
  readonly seed: number;
  readonly why: string;
  readonly scenario: Scenario;
}

describe('the compiler and the embedded engine', () => {
  // JSON widens literals to strings; what stands there was printed from a Scenario.
  it.each(kept as unknown as readonly Kept[])(
    'agree with the reference, as once they did not: $why',
    async ({ scenario }) => {
      expect(await complaintAbout(scenario)).toBeUndefined();
    },
  );
});
