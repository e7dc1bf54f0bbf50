import { describe, expect, it } from 'vitest';
import { budgetLine } from '../../../cli/render/budget-line.ts';

const plain = (_meaning: string, text: string): string => text;

describe('the line about a budget', () => {
  it('says of each part how much is used, and what calls that go on may use', () => {
    const line = budgetLine(
      [
        { budget: 'usd', limit: 1, used: 0.8, reserved: 0.1 },
        { budget: 'tokens', limit: 1_000, used: 0, reserved: 0 },
        { budget: 'calls', limit: 1, used: 1, reserved: 0 },
      ],
      plain,
    );

    expect(line).toBe('budget  $0.80 of $1.00 used, $0.10 reserved; 0 of 1000 tokens used; 1 of 1 call used');
  });

  it('marks what is nearly used up, and what is', () => {
    const used = (calls: number) =>
      budgetLine([{ budget: 'calls', limit: 10, used: calls, reserved: 0 }], (meaning, text) => `${meaning}(${text})`);

    expect(used(7)).toContain('quiet(7 of');
    expect(used(8)).toContain('warning(8 of');
    expect(used(10)).toContain('bad(10 of');
  });

  it('is not there without a budget', () => {
    expect(budgetLine([], plain)).toBeUndefined();
  });
});
