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
  ])('suggests for %s %s', (word, expected) => {
    expect(didYouMean(word, keys)).toBe(expected);
  });

  it.each(['', 'x', 'retry_policy', 'w'])('suggests nothing for %j, which resembles none', (word) => {
    expect(didYouMean(word, keys)).toBeUndefined();
  });

  it('prefers the nearest', () => {
    expect(didYouMean('scan2', ['scan', 'scan1', 'scans', 'scan2b'])).toBe('scan');
    expect(didYouMean('abcdef', ['abcxyz', 'abcdxx', 'abcdeg'])).toBe('abcdeg');
  });
});
