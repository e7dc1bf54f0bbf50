import fc from 'fast-check';
import type { Scenario } from './scenario.ts';

/** Milliseconds before a pause, and while it lasts: mostly as long as agents take, now and then longer than anything waits. */
const span = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: 1, max: 60 }) },
  { weight: 2, arbitrary: fc.integer({ min: 60, max: 5_000 }) },
  { weight: 1, arbitrary: fc.integer({ min: 5_000, max: 200_000 }) },
);

/** The same scenarios, paused one to three times. */
export function withPauses(scenarios: fc.Arbitrary<Scenario>): fc.Arbitrary<Scenario> {
  const spans = fc.array(fc.record({ before: span, during: span }), { minLength: 1, maxLength: 3 });
  return fc.record({ scenario: scenarios, spans }).map(({ scenario, spans: all }) => {
    let now = 0;
    const pauses = all.map(({ before, during }) => {
      const at = now + before;
      now = at + during;
      return { at, until: now };
    });
    return { ...scenario, pauses };
  });
}
