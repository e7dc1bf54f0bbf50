import type { DiagnosticCode } from '../diagnostics/index.ts';
import type { Plan } from '../plan/index.ts';
import type { Cost, Span } from './cost.ts';
import type { DurationBound } from './duration-bound.ts';
import type { Makespan } from './makespan.ts';
import { rateBound } from './rate-bound.ts';

/** What a forecast says, before it is compared with what the author allows. */
interface Said {
  readonly makespan: Makespan;
  readonly duration: { readonly bound: DurationBound; readonly timeout: number; readonly stop: number };
  readonly cost: Cost;
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
function overBudget({ budget }: Plan, { cost, calls, depth, duration }: Said): Advice[] {
  if (!budget) return [];
  const longest = Math.min(duration.bound.seconds, duration.timeout + duration.stop);
  const compared: readonly (readonly [key: string, limit: number | undefined, worst: number, text: Write])[] = [
    ['usd', budget.usd, cost.usd.worst, (usd) => `$${usd.toFixed(2)}`],
    ['calls', budget.calls, calls.worst, (count) => `${count} calls`],
    ['wall_time', budget.wallTime, longest, seconds],
    ['depth', budget.depth, depth, (levels) => `${levels} levels of child workflows`],
  ];
  return compared.flatMap(([key, limit, worst, write]): Advice[] => {
    if (limit === undefined || worst <= limit || !Number.isFinite(worst)) return [];
    const message = `At worst an execution needs ${write(worst)}, and its budget is ${write(limit)}.`;
    return [{ code: 'LINT922', path: ['workflow', 'budget', key], message }];
  });
}

type Write = (value: number) => string;

const seconds: Write = (value) => `${Math.round(value)} s`;
