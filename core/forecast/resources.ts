import type { ChildTask, Plan, PlannedAgent, PlannedTask, Region } from '../plan/index.ts';
import { peakOf } from './at-once.ts';
import { callsOf, isCalling } from './calls.ts';
import { planTasks, tasksWithin, type PlanTasks } from './plan-tasks.ts';

export interface Amount {
  readonly cores: number;
  /** Bytes. */
  readonly memory: number;
}

/** A proven bound of what can be in use at once. */
export interface PeakAmount {
  readonly value: number;
  /** What proves it: which tasks the graph lets run at once, or what the agents and the limits leave. */
  readonly by: 'graph' | 'agents';
  /** The tasks that make it, where the graph proves it. */
  readonly tasks: readonly string[];
}

/** What the agents of a workflow need. An agent that says nothing of its resources counts as nothing, and is listed. */
export interface EstimatedResources {
  readonly instances: number;
  /** Of all instances of all agents. */
  readonly total: Amount;
  readonly peak: { readonly attempts: PeakAmount; readonly cores: PeakAmount; readonly memory: PeakAmount };
  /** Agents without `resources`, or without one of the two. */
  readonly unspecified: readonly string[];
}

/** What a child workflow needs; undefined: it is not known. */
export type ChildResources = (task: ChildTask) => EstimatedResources | undefined;

/** Cores are counted in thousandths, so that sums are exact. */
const MILLI = 1_000;

/** Something that attempts take, in whole numbers. */
interface Dimension {
  /** What one of them takes, … */
  readonly needOf: (agent: PlannedAgent) => number;
  /** … and how many take it at the most: attempts beyond the number of instances share one. */
  readonly mostOf: (agent: PlannedAgent) => number;
  readonly needOfChild: (child: EstimatedResources) => number;
}

const dimensions = {
  attempts: { needOf: () => 1, mostOf: () => Infinity, needOfChild: ({ peak }) => peak.attempts.value },
  cores: {
    needOf: ({ cores = 0 }) => Math.ceil(cores * MILLI),
    mostOf: ({ count }) => count,
    needOfChild: ({ peak }) => Math.ceil(peak.cores.value * MILLI),
  },
  memory: {
    needOf: ({ memory = 0 }) => memory,
    mostOf: ({ count }) => count,
    needOfChild: ({ peak }) => peak.memory.value,
  },
} as const satisfies Record<string, Dimension>;

/**
 * The peak is the lesser of two bounds, each proven: the heaviest set of tasks that the graph lets run at once, each with an instance for
 * each of its attempts; and the neediest instances that there are, no more of them than the limits let work at once. An attempt that
 * goes on after its timeout is not in it.
 */
export function estimatedResources(plan: Plan, childOf: ChildResources): EstimatedResources {
  const peak = (dimension: Dimension): PeakAmount => new PeakBound(plan, dimension, childOf).least();
  const total = (of: (agent: PlannedAgent) => number): number =>
    Object.values(plan.agents).reduce((sum, agent) => sum + agent.count * of(agent), 0);
  const cores = peak(dimensions.cores);
  return {
    instances: total(() => 1),
    total: { cores: total(dimensions.cores.needOf) / MILLI, memory: total(dimensions.memory.needOf) },
    peak: {
      attempts: peak(dimensions.attempts),
      cores: { ...cores, value: cores.value / MILLI },
      memory: peak(dimensions.memory),
    },
    unspecified: Object.entries(plan.agents).flatMap(([name, { cores, memory }]) =>
      cores === undefined || memory === undefined ? [name] : [],
    ),
  };
}

class PeakBound {
  readonly #plan: Plan;
  readonly #tasks: PlanTasks;
  readonly #dimension: Dimension;
  readonly #childOf: ChildResources;

  constructor(plan: Plan, dimension: Dimension, childOf: ChildResources) {
    this.#plan = plan;
    this.#tasks = planTasks(plan);
    this.#dimension = dimension;
    this.#childOf = childOf;
  }

  least(): PeakAmount {
    const { weight, tasks } = peakOf(this.#plan, this.#tasks, {
      weightOf: (task) => this.#needOfTask(task),
      capOf: ({ region, maxParallel }) => (maxParallel === undefined ? Infinity : this.#neediest(region, maxParallel)),
    });
    const value = this.#neediest(this.#plan, this.#plan.maxParallel ?? Infinity);
    return value < weight ? { value, by: 'agents', tasks: [] } : { value: weight, by: 'graph', tasks };
  }

  #needOfTask(task: PlannedTask): number {
    if (!isCalling(task)) return 0;
    const { atOnce } = callsOf(task, 'worst');
    if (task.kind === 'workflow') return atOnce * this.#needOfChild(task);
    const agent = this.#plan.agents[task.agent];
    return agent ? Math.min(atOnce, this.#dimension.mostOf(agent)) * this.#dimension.needOf(agent) : 0;
  }

  #needOfChild(task: ChildTask): number {
    const child = this.#childOf(task);
    return child ? this.#dimension.needOfChild(child) : 0;
  }

  /** What so many attempts need if the neediest agents of a region make them; its child workflows, which know no limit of it, on top. */
  #neediest(region: Region, limit: number): number {
    const attempts = new Map<string, number>();
    let need = 0;
    for (const task of tasksWithin(region, this.#tasks)) {
      if (task.kind === 'workflow') need += this.#needOfTask(task);
      if (task.kind !== 'agent') continue;
      attempts.set(task.agent, (attempts.get(task.agent) ?? 0) + callsOf(task, 'worst').atOnce);
    }
    let left = limit;
    for (const [name, agent] of this.#neediestFirst) {
      const taking = Math.min(left, attempts.get(name) ?? 0, this.#dimension.mostOf(agent));
      need += taking * this.#dimension.needOf(agent);
      left -= taking;
    }
    return need;
  }

  get #neediestFirst(): (readonly [string, PlannedAgent])[] {
    const { needOf } = this.#dimension;
    return Object.entries(this.#plan.agents).sort(([, first], [, second]) => needOf(second) - needOf(first));
  }
}
