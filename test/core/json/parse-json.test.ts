import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJson } from '../../../core/json/index.ts';
import { hostileJson } from '../../makers/hostile-json.ts';

/** Written with an escape for every character, as JSON allows it. */
function escapedKeys(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(escapedKeys).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(
    ([key, member]) =>
      `"${Array.from({ length: key.length }, (_, at) => `\\u${key.charCodeAt(at).toString(16).padStart(4, '0')}`).join('')}" : ${escapedKeys(member)}`,
  );
  return `{${members.join(' , ')}}`;
}

describe('parseJson', () => {
  it.each([
    ['a line feed', String.raw`{"a":2,"\n":2}`, '\n'],
    ['a quote', String.raw`{"a":2,"\"":2}`, '"'],
    ['half a surrogate pair', String.raw`{"a":2,"\ud800":2}`, '\ud800'],
    ['a letter written as an escape', String.raw`{"a":2,"\u0041":2}`, 'A'],
    ['a line feed and more', String.raw`{"a":2,"\nX":2}`, '\nX'],
  ])('keeps a key of %s where JSON.parse has learnt to expect a backslash', (_title, text, key) => {
    // Objects of the same first key teach V8 which key comes next.
    const taught = [JSON.parse(String.raw`{"a":1,"\\":1}`), JSON.parse(String.raw`{"a":1,"\\n":1}`)] as unknown[];

    expect(Object.keys(parseJson(text) as object), JSON.stringify(taught)).toEqual(['a', key]);
  });

  it('gives back what JSON.stringify was given, in the same order', () => {
    fc.assert(
      fc.property(hostileJson, (value) => {
        const text = JSON.stringify(value);

        expect(JSON.stringify(parseJson(text))).toBe(text);
        expect(JSON.stringify(parseJson(escapedKeys(value)))).toBe(text);
        expect(JSON.stringify(parseJson(JSON.stringify(value, null, 2)))).toBe(text);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ['keys that look like its own names', String.raw`{"#0":1,"\n":2,"##":3}`, { '#0': 1, '\n': 2, '##': 3 }],
    ['the last of two equal keys', String.raw`{"\u0061":1,"b":2,"a":3}`, { a: 3, b: 2 }],
    [
      'strings that look like members',
      String.raw`{"\n":"\": 1, \"x\\\":","b":["\t"]}`,
      { '\n': '": 1, "x\\":', b: ['\t'] },
    ],
    [
      'a key of its own that is the prototype',
      String.raw`{"__pr\u006fto__":{"x":1}}`,
      JSON.parse('{"__proto__":{"x":1}}'),
    ],
    ['a value with escapes alone', String.raw`"\ud83d\ude00"`, '😀'],
  ])('takes %s', (_title, text, value) => {
    expect(parseJson(text)).toStrictEqual(value);
    expect(JSON.stringify(parseJson(text))).toBe(JSON.stringify(value));
  });

  it.each(['', '{', String.raw`{"\n":1`, String.raw`{"\x":1}`, String.raw`{"\n" 1}`, '{"a\\', String.raw`["\n":1]`])(
    'refuses %j as JSON.parse does',
    (text) => {
      expect(() => parseJson(text)).toThrow(SyntaxError);
    },
  );

  it('takes a string of eight million characters, half of them escapes', () => {
    const long = '\n'.repeat(4_000_000);

    expect(parseJson(JSON.stringify({ '\t': long }))).toEqual({ '\t': long });
  });
});
