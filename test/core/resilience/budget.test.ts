import { describe, expect, it } from 'vitest';
import {
  budgetWords,
  decideCall,
  refusedChild,
  settleCall,
  unusedBudget,
  withdrawCall,
  type BudgetAccount,
  type BudgetLimits,
} from '../../../core/resilience/index.ts';

const account = (changes: Partial<BudgetAccount>): BudgetAccount => ({ ...unusedBudget, ...changes });
const amounts = (microUsd: number, tokens = 0) => ({ microUsd, tokens });
const free = { most: {}, seconds: 0 };

describe('decideCall', () => {
  it.each([
    ['nothing is limited', {}, account({ calls: 1_000 }), { ...free, seconds: 1_000 }],
    ['the last call is left', { calls: 3 }, account({ calls: 2 }), free],
    ['a second is left', { wallTime: 60 }, unusedBudget, { ...free, seconds: 59 }],
    ['only depth is limited', { depth: 1 }, account({ calls: 9 }), { ...free, seconds: 9 }],
    [
      'it takes exactly what is left',
      { usd: 1 },
      account({ used: amounts(400_000), reserved: amounts(200_000) }),
      { most: amounts(400_000), seconds: 0 },
    ],
    ['something is left and nobody says how much it takes', { tokens: 10 }, account({ used: amounts(0, 9) }), free],
    [
      'it costs nothing, be it all used up',
      { usd: 1 },
      account({ used: amounts(1_500_000) }),
      { most: amounts(0), seconds: 0 },
    ],
  ])('lets a call through when %s', (_, limits, before, call) => {
    expect(decideCall(limits, before, call)).toMatchObject({ kind: 'pass', account: { calls: before.calls + 1 } });
  });

  it.each([
    [{ calls: 3 }, account({ calls: 3 }), free, { budget: 'calls', limit: 3, used: 3 }],
    [{ wallTime: 60 }, unusedBudget, { ...free, seconds: 60 }, { budget: 'wall_time', limit: 60, used: 60 }],
    [
      { wallTime: 60, calls: 3 },
      account({ calls: 3 }),
      { ...free, seconds: 61 },
      { budget: 'wall_time', limit: 60, used: 61 },
    ],
    [{ tokens: 10 }, account({ used: amounts(0, 10) }), free, { budget: 'tokens', limit: 10, used: 10 }],
    [
      { usd: 0.3 },
      account({ used: amounts(200_001) }),
      { most: amounts(100_000), seconds: 0 },
      { budget: 'usd', limit: 0.3, used: 0.200001, needs: 0.1 },
    ],
  ])('refuses one beyond %j', (limits, before, call, verdict) => {
    expect(decideCall(limits, before, call)).toEqual({ kind: 'refuse', verdict });
  });

  it.each([
    [
      'what is left is reserved',
      { most: amounts(300_000), seconds: 0 },
      { budget: 'usd', limit: 1, used: 0.5, needs: 0.3 },
    ],
    ['it may take any amount and all is reserved', free, { budget: 'usd', limit: 1, used: 0.5 }],
  ])('lets one wait when %s', (_, call, verdict) => {
    const before = account({ used: amounts(500_000), reserved: amounts(500_000) });

    expect(decideCall({ usd: 1 }, before, call)).toEqual({ kind: 'wait', verdict });
  });

  it('counts dollars in millionths, so that a tenth three times is three tenths', () => {
    const most = amounts(100_000);
    const limits = { usd: 0.3 };
    let now = unusedBudget;
    for (let call = 0; call < 3; call += 1) {
      const decided = decideCall(limits, now, { most, seconds: 0 });
      if (decided.kind !== 'pass') throw new Error(`call ${call} was not let through`);
      now = settleCall(limits, decided.account, { reserved: most, reported: {}, isLost: false }).account;
    }

    expect(now.used).toEqual(amounts(300_000));
    expect(decideCall(limits, now, { most, seconds: 0 }).kind).toBe('refuse');
  });

  it.each([
    [10, 8],
    [200, 160],
    [3, 3],
    [1, 1],
  ])('warns once: of %i calls with the %ith', (calls, call) => {
    const warned = Array.from({ length: calls }, (_, made) => decideCall({ calls }, account({ calls: made }), free));
    const news = warned.flatMap((decided, made) =>
      decided.kind === 'pass' && decided.warned.length > 0 ? [made + 1] : [],
    );

    expect(news).toEqual([call]);
  });
});

describe('settleCall', () => {
  const before = account({ calls: 2, used: amounts(100, 10), reserved: amounts(500, 50) });
  const reserved = amounts(300, 30);
  const after = (reported: object, isLost = false, limits: BudgetLimits = { usd: 1 }) =>
    settleCall(limits, before, { reserved, reported, isLost });

  it.each([
    ['what was reported', { microUsd: 7, tokens: 0 }, false, amounts(107, 10)],
    ['what was reserved where nothing is reported', {}, false, amounts(400, 40)],
    ['of each kind by itself', { tokens: 5 }, false, amounts(400, 15)],
    ['more than was reserved when the agent says so', { microUsd: 900 }, false, amounts(1_000, 40)],
    ['all that was reserved by a call that is lost', { microUsd: 7 }, true, amounts(400, 40)],
  ])('puts in its place %s', (_, reported, isLost, used) => {
    expect(after(reported, isLost).account).toEqual({ calls: 2, used, reserved: amounts(200, 20) });
  });

  it('warns once, when four fifths are used', () => {
    const limits = { usd: 0.0005, tokens: 1_000 };
    const first = after({ microUsd: 299, tokens: 1 }, false, limits);
    const second = settleCall(limits, first.account, {
      reserved: amounts(0),
      reported: { microUsd: 1 },
      isLost: false,
    });

    expect(first.warned).toEqual([]);
    expect(second.warned).toEqual([{ budget: 'usd', limit: 0.0005, used: 0.0004 }]);
  });
});

describe('withdrawCall', () => {
  it('takes back what decideCall has counted', () => {
    const most = amounts(70, 7);
    const decided = decideCall({ usd: 1, calls: 9 }, unusedBudget, { most, seconds: 0 });

    expect(decided.kind === 'pass' && withdrawCall(decided.account, most)).toEqual(unusedBudget);
  });
});

describe('refusedChild', () => {
  it('lets children be as deep as the budget says, and no deeper', () => {
    expect(refusedChild({ depth: 2 }, 2)).toBeUndefined();
    expect(refusedChild({ depth: 2 }, 3)).toEqual({ budget: 'depth', limit: 2, used: 2 });
    expect(refusedChild({}, 16)).toBeUndefined();
  });
});

describe('budgetWords', () => {
  it.each([
    [{ budget: 'usd', limit: 2.5, used: 2.43, needs: 0.1 }, '$2.43 of $2.50 are used, and a call may need $0.10'],
    [{ budget: 'usd', limit: 0.001, used: 0.001 }, '$0.001 of $0.001 are used'],
    [{ budget: 'tokens', limit: 1, used: 2 }, '2 tokens of 1 token are used'],
    [{ budget: 'calls', limit: 1, used: 1 }, '1 call of an agent is allowed'],
    [{ budget: 'depth', limit: 1, used: 1 }, 'children may be 1 level deep'],
    [{ budget: 'wall_time', limit: 60, used: 61 }, '60 s are allowed from its start on'],
  ] as const)('says %j in words', (verdict, words) => {
    expect(budgetWords(verdict)).toBe(words);
  });
});
