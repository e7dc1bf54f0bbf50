import { describe, expect, it } from 'vitest';
import type { ApiBench } from './bench.ts';

/** A body too large, and a dependency that does not answer, are tested where they can be arranged for every route: test/api. */
const elsewhere = /(413|503)$/;

/** An idempotency key that is in use while it is asked for again is left to chance. */
const inUse = ['POST /api/v1/agents/{type}/register 409', 'POST /api/v1/events 409'];

export function documentedAnswers(bench: () => ApiBench): void {
  describe('the answers', () => {
    it('were all that the document has', () => {
      const { seen, documented } = bench().document;

      const missing = documented.filter((answer) => !seen.has(answer) && !elsewhere.test(answer));

      expect(missing.filter((answer) => !inUse.includes(answer))).toEqual([]);
    });
  });
}
