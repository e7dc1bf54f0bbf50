import { usdOfMicros } from './amounts.ts';
import { askedParts, limitsNow } from './budget-question.ts';
import type { AskedPart, BudgetAccount, BudgetLimits } from './budget.ts';

/** How much of a part of a budget is gone, in the author's unit: dollars, tokens, calls. */
export interface BudgetUse {
  readonly budget: AskedPart;
  /** What is allowed by now: with what people have added. */
  readonly limit: number;
  /** What calls have used that have ended; of calls all that were decided on. */
  readonly used: number;
  /** What calls that go on may use at most. Of calls: nothing, they count from their beginning. */
  readonly reserved: number;
}

/** Of each part that is limited and counted. */
export function budgetUse(limits: BudgetLimits, account: BudgetAccount): readonly BudgetUse[] {
  const now = limitsNow(limits, account);
  return askedParts.flatMap((budget) => {
    const limit = now[budget];
    return limit === undefined ? [] : [{ budget, limit, ...amountsIn(account, budget) }];
  });
}

function amountsIn({ calls, used, reserved }: BudgetAccount, budget: AskedPart): Pick<BudgetUse, 'used' | 'reserved'> {
  switch (budget) {
    case 'usd':
      return { used: usdOfMicros(used.microUsd), reserved: usdOfMicros(reserved.microUsd) };
    case 'tokens':
      return { used: used.tokens, reserved: reserved.tokens };
    case 'calls':
      return { used: calls, reserved: 0 };
  }
}
