import { describe, expect, it } from 'vitest';
import { didYouMean } from '../../../core/diagnostics/index.ts';

describe('didYouMean', () => {
  const keys = ['depends_on', 'description', 'timeout', 'when', 'id'];

  it.each([
    ['depend_on', 'depends_on'],
    ['dependson', 'depends_on'],
    ['tiemout', 'timeout'],
    ['Timeout', 'timeout'],
    ['wen', 'when'],
    ['di', 'id'],
    ['dpends_onx', 'depends_on'],
    ['descirptoin', 'description'],
  ])('suggests for %s %s', (word, expected) => {
    expect(didYouMean(word, keys)).toBe(expected);
  });

  it.each(['', 'x', 'retry_policy', 'w'])('suggests nothing for %j, which resembles none', (word) => {
    expect(didYouMean(word, keys)).toBeUndefined();
  });

  it.each([
    ['one slip in five letters', 'abcde', 'abcdX', true],
    ['no second slip in five letters', 'abcde', 'abcXX', false],
    ['two slips in six letters', 'abcdef', 'abcdXX', true],
    ['no third slip in eight letters', 'abcdefgh', 'abcdeXXX', false],
    ['three slips in nine letters', 'abcdefghi', 'abcdefXXX', true],
    ['a letter too many at the end', 'abc', 'abcd', true],
    ['a letter too few at the end', 'abcd', 'abc', true],
    ['letters swapped at the end', 'abc', 'acb', true],
    ['no letter that only moves to the right', 'abcxy', 'abczx', false],
    ['no letter that only moves to the left', 'abcxy', 'abcyz', false],
    ['no two letters that are both other ones', 'abcd', 'abXY', false],
    ['nothing of one letter', 'a', 'b', false],
    ['letters of another case', 'TIMEOUT', 'timeOut', true],
  ])('looks for %s', (_what, word, candidate, isNear) => {
    expect(didYouMean(word, [candidate])).toBe(isNear ? candidate : undefined);
  });

  it('takes the first of several that are equally near', () => {
    expect(didYouMean('scan', ['scan1', 'scan2'])).toBe('scan1');
    expect(didYouMean('scan', ['scan1', 'SCAN', 'Scan'])).toBe('SCAN');
  });

  it('takes more than three slips for another word', () => {
    expect(didYouMean('orchestration_patterns', ['orchxstraxion_paxterns'])).toBe('orchxstraxion_paxterns');
    expect(didYouMean('orchestration_patterns', ['xrchxstraxion_paxterns'])).toBeUndefined();
  });

  it('looks at the first thousand candidates', () => {
    const others = (count: number): string[] => Array.from({ length: count }, (_, index) => `task${index}`);

    expect(didYouMean('tiemout', [...others(999), 'timeout'])).toBe('timeout');
    expect(didYouMean('tiemout', [...others(1_000), 'timeout'])).toBeUndefined();
  });

  it('prefers the nearest', () => {
    expect(didYouMean('scan2', ['scan', 'scan1', 'scans', 'scan2b'])).toBe('scan');
    expect(didYouMean('abcdef', ['abcxyz', 'abcdxx', 'abcdeg'])).toBe('abcdeg');
  });
});
