import { describe, expect, it } from 'vitest';
import {
  answerQuestion,
  askInstead,
  budgetUse,
  decideCall,
  limitsNow,
  unusedBudget,
  type BudgetAccount,
} from '../../../core/resilience/index.ts';

const asker = { execution: 'exec_1', task: 'polish', at: 7 };
const spent: BudgetAccount = { ...unusedBudget, calls: 2, used: { microUsd: 800_000, tokens: 70 } };
const ask = (account: BudgetAccount, limits: Parameters<typeof decideCall>[0], most = { microUsd: 500_000 }) =>
  askInstead(decideCall(limitsNow(limits, account), account, { most, seconds: 0 }), account, asker);

describe('a budget that asks', () => {
  it('writes a question down once, and goes on with the same one while it is open', () => {
    const first = ask(spent, { usd: 1 });
    if (first.kind !== 'ask' || !first.account) throw new Error(first.kind);

    expect(first).toMatchObject({ part: 'usd', number: 1, verdict: { limit: 1, used: 0.8, needs: 0.5 } });
    expect(first.account.questions?.usd).toEqual({ number: 1, ...asker, limit: 1, used: 0.8, needs: 0.5 });
    const second = ask(first.account, { usd: 1 });
    expect(second).toMatchObject({ kind: 'ask', number: 1 });
    expect(second).not.toHaveProperty('account');
  });

  it('asks anew when what was added is not enough, and nobody after a refusal', () => {
    const questions = { usd: { number: 1, ...asker, limit: 1, used: 0.8 } };
    const answer = { by: 'ann', at: 9 };
    const open = { ...spent, questions };
    const raised = answerQuestion(open, { part: 'usd', number: 1 }, { ...answer, kind: 'raise', raise: 0.1 });
    const refused = answerQuestion(open, { part: 'usd', number: 1 }, { ...answer, kind: 'refuse' });

    expect(raised).toMatchObject({
      raised: { usd: 0.1 },
      questions: { usd: { answer: { verdict: 'raised', by: 'ann' } } },
    });
    expect(ask(raised!, { usd: 1 })).toMatchObject({ kind: 'ask', number: 2, verdict: { limit: 1.1 } });
    expect(ask(refused!, { usd: 1 })).toMatchObject({ kind: 'refuse' });
  });

  it('hears no answer to a question that is not open', () => {
    const questions = { calls: { number: 2, ...asker, limit: 2, used: 2 } };
    const raise = { kind: 'raise', raise: 1, by: 'ann', at: 9 } as const;
    const once = answerQuestion({ ...spent, questions }, { part: 'calls', number: 2 }, raise);

    expect(once?.raised).toEqual({ calls: 1 });
    expect(answerQuestion(once!, { part: 'calls', number: 2 }, raise)).toBeUndefined();
    expect(answerQuestion({ ...spent, questions }, { part: 'calls', number: 1 }, raise)).toBeUndefined();
    expect(answerQuestion({ ...spent, questions }, { part: 'usd', number: 2 }, raise)).toBeUndefined();
    expect(answerQuestion(spent, { part: 'usd', number: 1 }, raise)).toBeUndefined();
  });

  it('adds in whole millionths of a dollar', () => {
    expect(limitsNow({ usd: 0.1 }, { ...unusedBudget, raised: { usd: 0.2 } })).toEqual({ usd: 0.3 });
  });

  it('leaves wall time, room that comes back, and calls that fit as they are', () => {
    for (const decision of [
      decideCall({ wallTime: 1 }, unusedBudget, { most: {}, seconds: 2 }),
      decideCall({ calls: 1 }, unusedBudget, { most: {}, seconds: 0 }),
      decideCall(
        { usd: 1 },
        { ...unusedBudget, reserved: { microUsd: 900_000, tokens: 0 } },
        { most: { microUsd: 500_000 }, seconds: 0 },
      ),
    ])
      expect(askInstead(decision, unusedBudget, asker)).toBe(decision);
  });
});

describe('the use of a budget', () => {
  it('is told of each part that is limited and counted, with what people have added', () => {
    const account = { ...spent, reserved: { microUsd: 100_000, tokens: 5 }, raised: { usd: 0.5 } };

    expect(budgetUse({ usd: 1, tokens: 100, calls: 9, wallTime: 60, depth: 1 }, account)).toEqual([
      { budget: 'usd', limit: 1.5, used: 0.8, reserved: 0.1 },
      { budget: 'tokens', limit: 100, used: 70, reserved: 5 },
      { budget: 'calls', limit: 9, used: 2, reserved: 0 },
    ]);
    expect(budgetUse({ wallTime: 60 }, unusedBudget)).toEqual([]);
  });
});
