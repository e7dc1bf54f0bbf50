import { describe, expect, it } from 'vitest';
import { constantValue } from '../../../core/expressions/index.ts';

describe('constantValue', () => {
  it.each([
    ['1 + 2', 3],
    ['"a" in ["a"]', true],
    ['{"a": [null]}', { a: [null] }],
    ['[1, 2].exists(x, x > 1)', undefined],
    ['"a b".split(" ")', undefined],
    ['["a"].join("-")', undefined],
    ['input.x', undefined],
    ['[1, index]', undefined],
    ['1 +', undefined],
  ])('of %s is %j', (source, value) => {
    expect(constantValue(source)).toEqual(value === undefined ? undefined : { kind: 'value', value });
  });

  it.each([
    ['1 / 0', 'division by zero'],
    ['{"a": 1}.b', 'there is no key `b`: `has(…)` asks whether there is, `.?` allows it to be missing'],
    ['[1][2]', 'the list has no item 2: `[?2]` allows it to be missing'],
    ['[1][-1]', 'the list has no item -1: `[?-1]` allows it to be missing'],
    ['[][0]', 'the list has no item 0: `[?0]` allows it to be missing'],
    ['1.0 / 0.0', 'the result is Infinity, and JSON has no form for it'],
    ['9007199254740992', 'the result 9007199254740992 is beyond 2^53; use string(…)'],
    [
      'duration("3s")',
      'the result is a duration, bytes or a type, and JSON has no form for it; convert it to a string or a number',
    ],
  ])('says of %s why it fails in every execution', (source, why) => {
    expect(constantValue(source)).toEqual({ kind: 'failure', why });
  });
});
