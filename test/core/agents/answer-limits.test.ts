import { describe, expect, it } from 'vitest';
import { answerProblem } from '../../../core/agents/index.ts';
import type { Json } from '../../../core/json/index.ts';

function nested(levels: number): Json {
  let value: Json = 'core';
  for (let level = 0; level < levels; level += 1) value = [value];
  return value;
}

describe('answerProblem', () => {
  it('takes an answer of 256 levels, and says why it takes no deeper one', () => {
    expect(answerProblem(nested(256))).toBeUndefined();
    expect(answerProblem(nested(257))).toBe('it is nested deeper than 256 levels');
  });

  it.each([null, 'done', { files: [{ name: 'a' }] }])('takes %j', (answer) => {
    expect(answerProblem(answer)).toBeUndefined();
  });
});
