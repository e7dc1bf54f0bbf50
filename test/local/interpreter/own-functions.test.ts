import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../../core/json/index.ts';
import { createExpressions } from '../../../local/interpreter/expressions.ts';

const midnight = Date.UTC(2026, 10, 21);
const evaluate = createExpressions({ clock: { now: () => midnight }, random: () => 0.25 });
const value = async (source: string, variables: JsonObject = {}): Promise<Json | undefined> =>
  evaluate(source, { states: { input: null, context: {} }, variables });

describe('addOwnFunctions', () => {
  it.each([
    ['$partition([1,2,3,4,5], 2)', [[1, 2], [3, 4], [5]]],
    ['$partition([0], 5)', [[0]]],
    ['$partition([], 5)', []],
    ['$range(1, 9, 2)', [1, 3, 5, 7, 9]],
    ['$range(1, 8, 3)', [1, 4, 7]],
    ['$range(3, 1, -1)', [3, 2, 1]],
    ['$range(3, 1, 1)', []],
    ['$hash("input data", "SHA-1")', 'aaff4a450a104cd177d28d18d74485e8cae074b7'],
    ['$hash("", "MD5")', 'd41d8cd98f00b204e9800998ecf8427e'],
    ['$length($hash({"a": 1}, "SHA-512"))', 128],
    ['$parse("{\\"a\\": [1]}").a', [1]],
    ['$millis()', midnight],
    ['$now()', '2026-11-21T00:00:00.000Z'],
    ['$now("[Y0001]-[M01]")', '2026-11'],
    ['$random()', 0.25],
    ['$uuid()', '44444444-4444-4444-8444-444444444444'],
    ['$sort($shuffle([3, 1, 2]))', [1, 2, 3]],
  ])('%s is %o', async (source, expected) => {
    expect(await value(source)).toEqual(expected);
  });

  it('gives the same number for the same seed, from 0 to below 1', async () => {
    const numbers = await value('$map([1..50], function($seed) { $random($seed) })');
    const again = await value('$map([1..50], function($seed) { $random($seed) })');

    expect(numbers).toEqual(again);
    expect(new Set(numbers as number[]).size).toBe(50);
    expect((numbers as number[]).every((number) => number >= 0 && number < 1)).toBe(true);
  });

  it.each([
    ['$partition([1], 0)', 'is no part'],
    ['$range(1, 2, 0)', 'has no end in sight'],
    ['$range(1, 1000000, 1)', 'has no end in sight'],
    ['$hash("a", "SHA-3")', 'no hash algorithm SHA-3'],
    ['$parse("{")', 'JSON'],
    ['$hash("a")', 'does not match function signature'],
    ['$eval("1")', 'non-function'],
  ])('refuses %s', async (source, message) => {
    await expect(value(source)).rejects.toMatchObject({ message: expect.stringContaining(message) as string });
  });
});
