import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dataLimit, exceedsDataLimit } from '../../../local/interpreter/data-limit.ts';

describe('exceedsDataLimit', () => {
  it.each([
    ['a text of exactly 256 KiB with its quotes', 'x'.repeat(dataLimit - 2), false],
    ['one byte more', 'x'.repeat(dataLimit - 1), true],
    ['text that UTF-8 doubles', 'ü'.repeat(dataLimit / 2), true],
    ['text that JSON escapes', '\u0000'.repeat(dataLimit / 6 + 1), true],
    ['many small members', Object.fromEntries(Array.from({ length: 20_000 }, (_, n) => [`key${n}`, n])), true],
    ['fewer', Object.fromEntries(Array.from({ length: 10_000 }, (_, n) => [`key${n}`, n])), false],
    ['a long list', Array.from({ length: 30_000 }, () => 1234567890), true],
    ['nothing', null, false],
  ])('measures %s', (_what, value, exceeds) => {
    expect(exceedsDataLimit(value)).toBe(exceeds);
  });

  it('counts the bytes of the JSON text', () => {
    const nearTheLimit = fc.tuple(fc.jsonValue({ maxDepth: 3 }), fc.integer({ min: -300, max: 300 }));

    fc.assert(
      fc.property(nearTheLimit, ([value, more]) => {
        const padded = [value, 'x'.repeat(dataLimit - 200 + more)];

        expect(exceedsDataLimit(padded as never)).toBe(Buffer.byteLength(JSON.stringify(padded)) > dataLimit);
      }),
    );
  });
});
