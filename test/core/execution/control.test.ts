import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { controlPlace, keyPart } from '../../../core/execution/index.ts';

describe('the key of a control record', () => {
  it.each(['price_source', 'flaky-upstream.prices', 'a', 'Worker-2'])('has the name %s as it is', (name) => {
    expect(keyPart(name)).toBe(name);
  });

  it('has a folder and a name, whatever somebody asks for, and another one for each name', () => {
    const names = fc.array(fc.string({ unit: 'binary' }), { maxLength: 5 });
    fc.assert(
      fc.property(names, (asked) => {
        const wellFormed = new Set(asked.map((name) => name.toWellFormed()));
        const keys = [...wellFormed].map((name) => `breaker/${keyPart(name)}`);

        expect(keys.map((key) => controlPlace(key).folder)).toEqual(keys.map(() => 'breaker'));
        expect(new Set(keys).size).toBe(wellFormed.size);
      }),
    );
  });

  it.each(['breaker', 'breaker/', '/breaker', ''])('is refused as %j', (key) => {
    expect(() => controlPlace(key)).toThrow(expect.objectContaining({ code: 'no_folder' }));
  });
});
