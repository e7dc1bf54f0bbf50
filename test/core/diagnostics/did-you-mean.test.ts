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
