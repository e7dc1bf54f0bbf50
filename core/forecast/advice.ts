import type { DiagnosticCode } from '../diagnostics/index.ts';
import type { Plan } from '../plan/index.ts';
import { budgetAmount, type BudgetPart } from '../resilience/index.ts';
import type { Span } from './cost.ts';
import type { Declared } from './declared.ts';
import type { DurationBound } from './duration-bound.ts';
import type { Makespan } from './makespan.ts';
import { rateBound } from './rate-bound.ts';

/** What a forecast says, before it is compared with what the author allows. */
interface Said {
  readonly makespan: Makespan;
  readonly duration: { readonly bound: DurationBound; readonly timeout: number; readonly stop: number };
  readonly declared: Declared;
  readonly calls: Span;
  readonly depth: number;
}

/** A finding on the definition, not yet placed in its text. */
export interface Advice {
  readonly code: DiagnosticCode;
  readonly message: string;
  readonly path: readonly string[];
}

/** Where what the author allows is less than what the forecast needs. */
export function compareWithLimits(plan: Plan, estimate: Said): Advice[] {
  return [...tooShort(plan, estimate), ...tooRare(plan), ...overBudget(plan, estimate)];
}

function tooShort({ timeout }: Plan, { makespan }: Said): Advice[] {
  const { length, path } = makespan.unlimited.best;
  if (makespan.unit === 'steps' || length <= timeout) return [];
  const tasks = path.map(({ task }) => task).join(' → ');
  return [
    {
      code: 'LINT921',
      path: ['workflow', 'timeout'],
      message: `At best the workflow takes ${seconds(length)}, along ${tasks}, and its timeout is ${seconds(timeout)}.`,
    },
  ];
}

/** By the rate limits alone: durations need not be known for it. */
function tooRare(plan: Plan): Advice[] {
  const bound = rateBound(plan);
  if (!bound || bound.seconds <= plan.timeout) return [];
  const said = `${bound.calls} calls of \`${bound.agentType}\` take ${seconds(bound.seconds)} by its rate limit`;
  const message = `At best ${said}, and the timeout of the workflow is ${seconds(plan.timeout)}.`;
  return [{ code: 'LINT921', path: ['workflow', 'timeout'], message }];
}

/** One finding for each key of the budget that the worst case is beyond. What is not known is beyond nothing. */
function overBudget({ budget }: Plan, { declared, calls, depth, duration }: Said): Advice[] {
  if (!budget) return [];
  const longest = Math.min(duration.bound.seconds, duration.timeout + duration.stop);
  const compared: readonly (readonly [part: BudgetPart, limit: number | undefined, worst: number])[] = [
    ['usd', budget.usd, declared.usd.worst],
    ['tokens', budget.tokens, declared.tokens.worst],
    ['calls', budget.calls, calls.worst],
    ['wall_time', budget.wallTime, longest],
    ['depth', budget.depth, depth],
  ];
  return compared.flatMap(([part, limit, worst]): Advice[] => {
    if (limit === undefined || worst <= limit || !Number.isFinite(worst)) return [];
    const write = (amount: number): string => (part === 'wall_time' ? seconds(amount) : budgetAmount(part, amount));
    const what = part === 'depth' ? ' of child workflows' : '';
    const message = `At worst an execution needs ${write(worst)}${what}, and its budget is ${write(limit)}${what}.`;
    return [{ code: 'LINT922', path: ['workflow', 'budget', part], message }];
  });
}

function seconds(value: number): string {
  return `${Math.round(value)} s`;
}
