import { BUDGET, type PlanIndex, type SkeinEvent } from '../../execution/index.ts';
import {
  amountsOf,
  isLostCall,
  isMetered,
  keepsAccount,
  limitsNow,
  noAmounts,
  plus,
  unusedBudget,
  usedBy,
  type Amounts,
  type BudgetLimits,
} from '../../resilience/index.ts';
import type { History } from './history.ts';
import type { Lives } from './places.ts';
import { isWithdrawal, type TaskLife } from './task-life.ts';
import type { Report } from './violation.ts';

/** What the calls of an execution have used, as its events say. */
interface Use {
  readonly calls: number;
  readonly used: Amounts;
  /** Of it, what was reserved before: no more of that may have been given than there was. */
  readonly covered: Amounts;
}

const nothing: Use = { calls: 0, used: noAmounts, covered: noAmounts };

interface Lived {
  readonly index: PlanIndex;
  readonly lives: Lives;
  readonly hasEnded: boolean;
}

/**
 * No budget is overspent by what was reserved in it, and the account says what the events say. What children have used stands in the account
 * and in their own events, so with children the account may say more.
 */
export function checkBudget({ events, records }: History, { index, lives, hasEnded }: Lived, report: Report): void {
  const { budget: planned } = index.plan;
  if (!planned || !keepsAccount(planned)) return;
  const budget = raisedBy(events, planned);
  const own = [...lives.values()].map(useOf).reduce(add, nothing);
  const limits = amountsOf(budget);
  const over = [
    ...(budget.calls !== undefined && own.calls > budget.calls ? [`${own.calls} calls of ${budget.calls}`] : []),
    ...keys.flatMap((key) =>
      own.covered[key] > (limits[key] ?? Infinity) ? [`${own.covered[key]} ${key} of ${limits[key]}`] : [],
    ),
  ];
  if (over.length > 0) report('budget_exceeded', '', `More of its budget was given than there is: ${over.join(', ')}.`);
  if (!records?.limits || !hasEnded) return;
  const account = records.limits.find(({ limit }) => limit === BUDGET)?.budget ?? unusedBudget;
  const hasChildren = [...lives.values()].some(({ child }) => child !== undefined);
  const differs = (counted: number, told: number): boolean => (hasChildren ? counted < told : counted !== told);
  const wrong = [
    ...(differs(account.calls, own.calls) ? [`calls ${account.calls}, not ${own.calls}`] : []),
    ...(isMetered(budget) ? keys : []).flatMap((key) => [
      ...(differs(account.used[key], own.used[key]) ? [`${key} ${account.used[key]}, not ${own.used[key]}`] : []),
      ...(account.reserved[key] === 0 ? [] : [`${key} ${account.reserved[key]} still reserved`]),
    ]),
  ];
  if (wrong.length > 0) report('budget_miscounted', '', `Its budget and the events differ: ${wrong.join(', ')}.`);
}

/** What people have added is told in the events of the execution itself. */
function raisedBy(events: readonly SkeinEvent[], limits: BudgetLimits): BudgetLimits {
  let now = limits;
  for (const { type, data } of events) {
    if (type !== 'budget.decided' || data.raise === undefined) continue;
    now = limitsNow(now, { ...unusedBudget, raised: { [data.budget]: data.raise } });
  }
  return now;
}

const keys = ['microUsd', 'tokens'] as const;

/** The attempts of one task, each by what ends it. */
function useOf({ events }: TaskLife): Use {
  let use = nothing;
  let live: Amounts | undefined;
  const end = (reported: Partial<Amounts>, isLost: boolean): void => {
    if (live) use = add(use, useOfCall({ reserved: live, reported, isLost }));
    live = undefined;
  };
  for (const event of events) {
    switch (event.type) {
      case 'task.assigned':
        live ??= event.data.reserved ?? noAmounts;
        break;
      case 'task.completed':
        end(event.data.usage ?? {}, false);
        break;
      case 'task.retried':
      case 'task.failed':
        end(event.data.usage ?? {}, isLostCall(event.data.error.name));
        break;
      case 'task.cancelled':
        if (event.data.status === 'unknown') end({}, true);
        break;
      case 'task.parked':
        if (isWithdrawal(event)) live = undefined;
        break;
      default:
        break;
    }
  }
  return use;
}

function useOfCall(end: Parameters<typeof usedBy>[0]): Use {
  const used = usedBy(end);
  const { reserved } = end;
  const covered = {
    microUsd: Math.min(used.microUsd, reserved.microUsd),
    tokens: Math.min(used.tokens, reserved.tokens),
  };
  return { calls: 1, used, covered };
}

function add(a: Use, b: Use): Use {
  return { calls: a.calls + b.calls, used: plus(a.used, b.used), covered: plus(a.covered, b.covered) };
}
