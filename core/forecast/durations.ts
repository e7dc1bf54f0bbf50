import type { ChildTask, PlannedTask } from '../plan/index.ts';
import { isCalling, type Case } from './calls.ts';

/** How long tasks take. */
export interface Durations {
  /** `steps`: nobody knows, so each task counts one. */
  readonly unit: 'steps' | 'seconds';
  /** Of one call of a task, or of its wait; undefined: not known. Containers take as long as what is in them. */
  of(task: PlannedTask, which: Case): number | undefined;
}

/** Each task is a step, however long it may take; publishing an event takes no time. */
export const unitDurations: Durations = {
  unit: 'steps',
  of: (task) => (isImmediate(task) ? 0 : 1),
};

/** It calls and waits for nobody. */
function isImmediate(task: PlannedTask): boolean {
  return task.kind === 'emit' || (task.kind === 'checkpoint' && !task.approve);
}

/** `seconds` by task id: what somebody has declared or observed. A wait of so many seconds is known without. */
export function knownDurations(seconds: ReadonlyMap<string, number>): Durations {
  return {
    unit: 'seconds',
    of(task) {
      const known = seconds.get(task.id);
      if (known !== undefined) return known;
      if (isImmediate(task)) return 0;
      return task.kind === 'wait' && task.wait.kind === 'seconds' ? task.wait.seconds : undefined;
    },
  };
}

/** The makespan of a child workflow, in the same unit; undefined: the child is not known. */
export type ChildMakespan = (task: ChildTask, which: Case) => number | undefined;

/** A child that is known takes as long as its own forecast says, unless somebody has said how long. */
export function withChildren(durations: Durations, childMakespan: ChildMakespan): Durations {
  return {
    unit: durations.unit,
    of(task, which) {
      const own = durations.of(task, which);
      const isSaid = durations.unit === 'seconds' && own !== undefined;
      return task.kind === 'workflow' && !isSaid ? (childMakespan(task, which) ?? own) : own;
    },
  };
}

/** Whether a duration can be said of it: it calls something, or waits. */
export function isTimed(task: PlannedTask): boolean {
  return isCalling(task) || task.kind === 'wait' || (task.kind === 'checkpoint' && task.approve !== undefined);
}
