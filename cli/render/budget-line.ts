import { budgetAmount, type BudgetUse } from '../../core/resilience/index.ts';
import type { Style } from './style.ts';

/** `budget  $0.80 of $1.00 used, $0.10 reserved; 2 of 20 calls used`. Undefined: there is none that is counted. */
export function budgetLine(uses: readonly BudgetUse[], style: Style): string | undefined {
  if (uses.length === 0) return undefined;
  return `${style('quiet', 'budget')}  ${uses.map((use) => style(meaningOf(use), textOf(use))).join('; ')}`;
}

function textOf({ budget, limit, used, reserved }: BudgetUse): string {
  const spent = budget === 'usd' ? budgetAmount(budget, used) : String(used);
  const kept = reserved > 0 ? `, ${budgetAmount(budget, reserved)} reserved` : '';
  return `${spent} of ${budgetAmount(budget, limit)} used${kept}`;
}

function meaningOf({ limit, used }: BudgetUse): 'bad' | 'warning' | 'quiet' {
  if (used >= limit) return 'bad';
  return used >= limit * 0.8 ? 'warning' : 'quiet';
}
