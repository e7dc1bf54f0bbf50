import { describe, expect, it } from 'vitest';
import {
  canonicalJson,
  digestOf,
  digestOfText,
  isDeeperThan,
  isJsonObject,
  isLargerThan,
  type Json,
} from '../../../core/json/index.ts';

/** Arrays within one another: three levels are `[[[]]]`. */
const nested = (levels: number): Json => (levels === 1 ? [] : [nested(levels - 1)]);

describe('isJsonObject', () => {
  it.each([
    [{}, true],
    [{ a: 1 }, true],
    [[], false],
    [null, false],
    ['{}', false],
    [0, false],
    [undefined, false],
  ])('answers for %j: %s', (value, expected) => {
    expect(isJsonObject(value)).toBe(expected);
  });
});

describe('canonicalJson', () => {
  it.each([
    [{ b: 1, a: 2 }, '{"a":2,"b":1}'],
    [{ b: { d: [], c: {} }, a: [{ y: 1, x: null }] }, '{"a":[{"x":null,"y":1}],"b":{"c":{},"d":[]}}'],
    [[3, 1, 2], '[3,1,2]'],
    [{ Z: true, a: false, '"': 'say "so"\n' }, String.raw`{"\"":"say \"so\"\n","Z":true,"a":false}`],
    ['text', '"text"'],
    [null, 'null'],
    [1e21, '1e+21'],
  ])('sorts the keys of %j and nothing else', (value, text) => {
    expect(canonicalJson(value)).toBe(text);
  });
});

describe('digestOf', () => {
  it('is equal for equal values, however their keys are ordered', () => {
    expect(digestOf({ a: 1, b: [2] })).toBe(digestOf({ b: [2], a: 1 }));
    expect(digestOf({ a: 1 })).not.toBe(digestOf({ a: 2 }));
  });

  it('is the SHA-256 of the canonical text in hexadecimal characters', () => {
    // printf '{}' | sha256sum
    expect(digestOf({})).toBe('44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a');
    expect(digestOfText('{}')).toBe(digestOf({}));
    // printf 'ü' | sha256sum, in UTF-8
    expect(digestOfText('ü')).toBe('607474ca475a9724d7360aba71a56d5df77e61350e3f724cfa1f46e857e2d85f');
  });
});

describe('isDeeperThan', () => {
  it.each([
    [nested(3), 3, false],
    [nested(3), 2, true],
    [{ a: { b: 1 } }, 2, false],
    [{ a: { b: 1 } }, 1, true],
    [{ flat: 1, deep: [[]] }, 2, true],
    [[], 0, true],
    ['text', 0, false],
    [null, 0, false],
  ])('counts arrays and objects within one another: is %j deeper than %i?', (value, levels, expected) => {
    expect(isDeeperThan(value, levels)).toBe(expected);
  });
});

describe('isLargerThan', () => {
  it.each([
    ['text', 1, false],
    ['text', 0, true],
    [null, 1, false],
    [[1, 2], 3, false],
    [[1, 2], 2, true],
    [{ a: 1, b: { c: null } }, 4, false],
    [{ a: 1, b: { c: null } }, 3, true],
    [[[[[]]]], 4, false],
    [[[[[]]]], 3, true],
  ])('counts a value and all inside it: does %j hold more than %i?', (value, most, expected) => {
    expect(isLargerThan(value, most)).toBe(expected);
  });

  it('counts no further than it is asked to', () => {
    let doubled: Json = [];
    for (let level = 0; level < 100; level += 1) doubled = [doubled, doubled];

    expect(isLargerThan(doubled, 1_000)).toBe(true);
  });
});
