import type { AgentType } from '../agents/index.ts';
import type { ChildTask, Plan } from '../plan/index.ts';
import { compareWithLimits, type Advice } from './advice.ts';
import { callsOf, isCalling, runsOf, type Case } from './calls.ts';
import { costOf, type Cost, type Span } from './cost.ts';
import { declaredOf, type Declared } from './declared.ts';
import { durationBound, type DurationBound } from './duration-bound.ts';
import { withChildren, type Durations } from './durations.ts';
import { makespanOf, type Makespan } from './makespan.ts';
import { estimatedResources, type EstimatedResources } from './resources.ts';

/** What can be said of an execution before it runs. */
export interface Estimate {
  /** The agent of each task that has one. */
  readonly allocatedAgents: { readonly [task: string]: string };
  readonly resources: EstimatedResources;
  readonly makespan: Makespan;
  readonly duration: {
    /** By the tasks' own clocks. */
    readonly bound: DurationBound;
    /** Seconds after which the execution is stopped, whatever its tasks do, and those that stopping may take: its agents' grace, or its children's. */
    readonly timeout: number;
    readonly stop: number;
  };
  readonly cost: Cost;
  /** What agents say that their calls use. */
  readonly declared: Declared;
  /** Attempts of agents, those of known child workflows among them. */
  readonly calls: Span;
  /** Child workflows within one another; Infinity: one of them is not known. */
  readonly depth: number;
  /** Where what the author allows is less than what is needed. */
  readonly findings: readonly Advice[];
}

export interface EstimateInput {
  readonly plan: Plan;
  readonly agentTypes: { readonly [name: string]: AgentType };
  readonly durations: Durations;
  /** State transitions of the compiled machine. */
  readonly transitions: Span;
  /** The estimate of a child workflow; undefined: the child is not known. */
  readonly childOf?: ChildOf;
}

export function estimate(input: EstimateInput): Estimate {
  const { plan, childOf = () => undefined } = input;
  const durations = withChildren(input.durations, (task, which) => childOf(task)?.makespan.limited[which].length);
  const children = plan.tasks.filter((task) => task.kind === 'workflow');
  const said = {
    allocatedAgents: allocatedAgents(plan),
    resources: estimatedResources(plan, (task) => childOf(task)?.resources),
    makespan: makespanOf(plan, durations),
    duration: {
      bound: durationBound(plan, (task) => childLife(task, childOf(task))),
      timeout: plan.timeout,
      stop: children.reduce((most, task) => Math.max(most, childOf(task)?.duration.stop ?? Infinity), plan.grace),
    },
    cost: costOf({ ...input, durations, childCost: (task) => childOf(task)?.cost.usd }),
    declared: declaredOf({ ...input, childDeclared: (task) => childOf(task)?.declared }),
    calls: { best: attemptsOf(plan, 'best', childOf), worst: attemptsOf(plan, 'worst', childOf) },
    depth: children.reduce((most, task) => Math.max(most, 1 + (childOf(task)?.depth ?? Infinity)), 0),
  };
  return { ...said, findings: compareWithLimits(plan, said) };
}

type ChildOf = (task: ChildTask) => Estimate | undefined;

function allocatedAgents({ tasks }: Plan): { readonly [task: string]: string } {
  return Object.fromEntries(tasks.flatMap((task) => (task.kind === 'agent' ? [[task.id, task.agent] as const] : [])));
}

/** A task's own timeout shortens its child's. */
function childLife({ timeout = Infinity }: ChildTask, child: Estimate | undefined): number | undefined {
  return child && Math.min(child.duration.timeout, timeout) + child.duration.stop;
}

function attemptsOf(plan: Plan, which: Case, childOf: ChildOf): number {
  const runs = runsOf(plan, which);
  return plan.tasks.reduce((sum, task) => {
    if (!isCalling(task)) return sum;
    const calls = callsOf(task, which).count * (runs.get(task.id) ?? 1);
    if (task.kind === 'workflow') return sum + calls * (childOf(task)?.calls[which] ?? 0);
    return sum + calls * (which === 'best' ? 1 : task.retry.maxAttempts);
  }, 0);
}
