import { describe, expect, it } from 'vitest';
import { answerText, InvalidOutput } from '../../../core/answers/index.ts';

const MOST = 1_000;

class Point {
  readonly x = 1;
}

const nameless = new (class {
  readonly x = 1;
})();

function loop(): unknown {
  const ring: Record<string, unknown> = {};
  ring['self'] = ring;
  return ring;
}

function nested(depth: number): unknown {
  let value: unknown = null;
  for (let i = 0; i < depth; i += 1) value = [value];
  return value;
}

describe('answerText', () => {
  it.each([
    ['nothing', undefined, 'null'],
    ['null', null, 'null'],
    ['false', false, 'false'],
    ['an empty text', '', '""'],
    ['a number', -1.5, '-1.5'],
    ['a list', [1, [null]], '[1,[null]]'],
    ['members that are undefined', { a: undefined, b: 1 }, '{"b":1}'],
    ['an object without a prototype', Object.assign(Object.create(null) as object, { a: 1 }), '{"a":1}'],
    ['what says itself how it is written', { at: new Date(0) }, '{"at":"1970-01-01T00:00:00.000Z"}'],
  ])('writes %s', (_, answer, text) => {
    expect(answerText(answer, MOST)).toBe(text);
  });

  it.each([
    ['NaN', { n: NaN }, '`n` is NaN'],
    ['infinity', [Infinity], '`0` is Infinity'],
    ['a map', { seen: new Map() }, '`seen` is an instance of Map'],
    ['an instance', new Point(), 'it is an instance of Point'],
    ['an instance of a class without a name', nameless, 'it is an instance of some class'],
    [
      'an instance whose constructor is no function',
      Object.create({ constructor: 1 }),
      'it is an instance of some class',
    ],
    ['a function', { run: () => 1 }, '`run` is a function'],
    ['a symbol', Symbol('s'), 'it is a symbol'],
  ])('refuses %s, which JSON would lose', (_, answer, loss) => {
    const write = () => answerText(answer, MOST);

    expect(write).toThrow(InvalidOutput);
    expect(write).toThrow(`The answer is not JSON: ${loss}.`);
  });

  it.each([
    ['a bigint', { n: 1n }],
    ['a cycle', loop()],
    ['nesting that overflows the stack', nested(200_000)],
    [
      'a member that throws',
      {
        get a() {
          throw new Error('no');
        },
      },
    ],
  ])('refuses %s, which JSON cannot write', (_, answer) => {
    const write = () => answerText(answer, MOST);

    expect(write).toThrow(InvalidOutput);
    expect(write).toThrow(/^The answer is not JSON: ./);
  });

  it('counts bytes of UTF-8, with the quotes', () => {
    expect(answerText('ä', 4)).toBe('"ä"');
    expect(() => answerText('ä', 3)).toThrow('The answer has 4 bytes of JSON, and 3 is the most.');
  });

  it('is refused for good: another attempt would answer the same', () => {
    expect(new InvalidOutput('why')).toMatchObject({ name: 'InvalidOutput', retryable: false, message: 'why' });
  });
});
