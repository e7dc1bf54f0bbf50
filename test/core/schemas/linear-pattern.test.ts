import { describe, expect, it } from 'vitest';
import { linearPattern } from '../../../core/schemas/index.ts';

function refusalOf(source: string): Error | undefined {
  try {
    linearPattern(source);
    return undefined;
  } catch (error) {
    return error as Error;
  }
}

describe('linearPattern', () => {
  it('finds what JavaScript would find, anywhere in the text', () => {
    const pattern = linearPattern(String.raw`[a-c]{2}\d`);

    expect(['xxab1xx', 'ab', 'AB1', ''].map((text) => pattern.test(text))).toEqual([true, false, false, false]);
  });

  it('is known by its text', () => {
    expect(String(linearPattern('^a+$'))).toBe('^a+$');
  });

  it('says what it does not understand, and keeps what lies below', () => {
    const refusal = refusalOf('a(b');

    expect(refusal?.message).toBe('the pattern "a(b" is not understood: missing closing ): `a(b`');
    expect(refusal?.cause).toBeInstanceOf(Error);
  });

  it('shows no more than the beginning of a long pattern', () => {
    const refusal = refusalOf('a'.repeat(6_000));

    expect(refusal?.message).toBe(
      `the pattern "${'a'.repeat(200)}" is not understood: written out, it has more than 5000 characters`,
    );
  });

  it.each([
    ['characters', 'a'.repeat(5_000), 'a'],
    ['escapes, one for each', String.raw`\d{1000}`.repeat(5), 'a'],
    ['what a count repeats', 'ab{4}'.repeat(1_000), 'a'],
    ['the larger of two bounds', 'b{2,1000}'.repeat(5), 'a'],
    ['the smaller bound where there is no other', 'b{1000,}'.repeat(5), 'a'],
    ['a count of 0 as one', `${'b{0}'.repeat(100)}a{900}${'a{1000}'.repeat(4)}`, 'a'],
    ['groups, one more for each', '(abc){1000}(abc){250}', 'a'],
    ['groups within one another', `((ab{3}){10}c){33}((ab{3}){10}c){33}b{1000}b{568}`, 'a'],
    ['a group that comes after something', `${'x'.repeat(1_000)}(abc){1000}`, 'a'],
    ['counts one after the other', '(ab{9}b{10}){100}b{1000}b{1000}b{900}', 'a'],
    ['an escaped parenthesis as a character', String.raw`\(\){999}${'a{1000}'.repeat(4)}`, 'a'],
  ])('takes 5,000 characters and no more, counting %s', (_what, source, more) => {
    expect(refusalOf(source)?.message).toBeUndefined();
    expect(refusalOf(source + more)?.message).toContain('more than 5000 characters');
  });
});
