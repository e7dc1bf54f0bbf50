import type { AgentType } from '../agents/index.ts';
import type { AgentTask, ChildTask, Plan } from '../plan/index.ts';
import { callsOf, runsOf, type Case } from './calls.ts';
import type { Durations } from './durations.ts';
import { prices, usdOf, type PriceName } from './prices.ts';
import { usageOf, type Usage } from './usage.ts';

/** Best and worst case. */
export type Span = Readonly<Record<Case, number>>;

export interface CostLine {
  readonly price: PriceName;
  readonly quantity: Span;
  readonly usd: Span;
}

/** What one execution costs at list prices, by what a deployment on AWS would use, whatever runs it. */
export interface Cost {
  readonly date: string;
  readonly region: string;
  readonly lines: readonly CostLine[];
  /** Of the child workflows that are known. */
  readonly children: Span;
  readonly usd: Span;
  /** What costs something and is not in it, in plain words. */
  readonly unknown: readonly string[];
}

export interface CostInput {
  readonly plan: Plan;
  readonly agentTypes: { readonly [name: string]: AgentType };
  readonly durations: Durations;
  readonly transitions: Span;
  /** The cost of one execution of a child workflow; undefined: it is not known. */
  readonly childCost: (task: ChildTask) => Span | undefined;
}

export function costOf(input: CostInput): Cost {
  const usage = (which: Case): Usage => usageOf({ ...input, which, transitions: input.transitions[which] });
  const [best, worst] = [usage('best'), usage('worst')];
  // The table's own keys.
  const names = Object.keys(prices.rows) as PriceName[];
  const lines = names.flatMap((price): CostLine[] => {
    const quantity = { best: best[price], worst: worst[price] };
    const usd = { best: usdOf(price, quantity.best), worst: usdOf(price, quantity.worst) };
    return quantity.worst === 0 ? [] : [{ price, quantity, usd }];
  });
  const children = { best: childrenCost(input, 'best'), worst: childrenCost(input, 'worst') };
  const total = (which: Case): number => lines.reduce((sum, line) => sum + line.usd[which], children[which]);
  return {
    date: prices.date,
    region: prices.region,
    lines,
    children,
    usd: { best: total('best'), worst: total('worst') },
    unknown: unknownCosts(input),
  };
}

function childrenCost({ plan, childCost }: CostInput, which: Case): number {
  const runs = runsOf(plan, which);
  return plan.tasks.reduce((sum, task) => {
    if (task.kind !== 'workflow') return sum;
    return sum + (childCost(task)?.[which] ?? 0) * callsOf(task, which).count * (runs.get(task.id) ?? 1);
  }, 0);
}

function unknownCosts(input: CostInput): string[] {
  const agents = new Map<string, Set<string>>();
  const children = new Set<string>();
  for (const task of input.plan.tasks) {
    if (task.kind === 'workflow' && !input.childCost(task)) children.add(task.workflow.name);
    if (task.kind !== 'agent') continue;
    const why = unknownOf(task, input);
    if (why !== undefined) agents.set(why, (agents.get(why) ?? new Set()).add(task.agent));
  }
  const ofAgents = Array.from(agents, ([why, names]) => `${why}: ${[...names].join(', ')}`);
  return children.size > 0
    ? [`child workflows that are not known: ${[...children].join(', ')}`, ...ofAgents]
    : ofAgents;
}

/** What of a task's agent costs something that cannot be said. */
function unknownOf(task: AgentTask, { plan, agentTypes, durations }: CostInput): string | undefined {
  const runtime = agentTypes[task.agentType]?.runtime;
  if (runtime === 'model') return 'tokens of models';
  if (runtime !== 'lambda' && runtime !== 'ecs') return `what agents cost where they run (${runtime ?? 'not known'})`;
  const { cores, memory } = plan.agents[task.agent] ?? {};
  if (memory === undefined || (runtime === 'ecs' && cores === undefined)) return 'time of agents without `resources`';
  const isTimed = durations.unit === 'seconds' && durations.of(task, 'best') !== undefined;
  return isTimed ? undefined : 'at best, time of agents whose tasks take nobody knows how long';
}
