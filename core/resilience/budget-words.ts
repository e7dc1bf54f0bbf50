import type { BudgetPart, BudgetVerdict } from './budget.ts';

/** An amount of a part of a budget: `$2.50`, `1 call`, `400 tokens`. Of dollars as many digits as there are. */
export function budgetAmount(budget: BudgetPart, amount: number): string {
  switch (budget) {
    case 'usd':
      return `$${Number.isInteger(amount * 100) ? amount.toFixed(2) : String(amount)}`;
    case 'wall_time':
      return `${Math.round(amount * 1000) / 1000} s`;
    default: {
      const noun = { tokens: 'token', calls: 'call', depth: 'level' }[budget];
      return `${amount} ${noun}${amount === 1 ? '' : 's'}`;
    }
  }
}

/** Why a budget leaves no room, as part of a sentence. */
export function budgetWords({ budget, limit, used, needs }: BudgetVerdict): string {
  switch (budget) {
    case 'usd':
    case 'tokens': {
      const room = `${budgetAmount(budget, used)} of ${budgetAmount(budget, limit)} are used`;
      return needs === undefined ? room : `${room}, and a call may need ${budgetAmount(budget, needs)}`;
    }
    case 'calls':
      return limit === 1 ? '1 call of an agent is allowed' : `${limit} calls of agents are allowed`;
    case 'wall_time':
      return `${budgetAmount(budget, limit)} are allowed from its start on`;
    case 'depth':
      return `children may be ${budgetAmount(budget, limit)} deep`;
  }
}
