import type { SkeinEvent } from '../core/execution/index.ts';
import type { ExecutionId, TaskPath } from '../core/ids/index.ts';
import type { ExecutionView } from '../core/projections/index.ts';

/** The execution that is shown, and the children that its tasks have started: one process runs them all. */
export interface Family {
  meet(event: SkeinEvent): void;
  /** The tasks that lead from the execution that is shown to this one: none to itself; undefined for a stranger. */
  tasksTo(execution: ExecutionId): readonly TaskPath[] | undefined;
}

/** `before` is the execution as it was before this process took it up; without it the first one that is met is the one shown. */
export function createFamily(before?: ExecutionView): Family {
  const members = new Map<ExecutionId, readonly TaskPath[]>();
  if (before) members.set(before.execution, []);
  for (const { child, path } of before?.tasks ?? []) if (child !== undefined) members.set(child, [path]);
  return {
    meet({ execution, path, ...event }) {
      if (members.size === 0) members.set(execution, []);
      const tasks = members.get(execution);
      const child = event.type === 'task.started' ? event.data.child : undefined;
      if (tasks && child !== undefined && path !== '') members.set(child, [...tasks, path]);
    },
    tasksTo: (execution) => members.get(execution),
  };
}

/** What stands before a path of another execution than the one shown: `deep ▸ ` for the child of `deep`. */
export function aroundText(tasks: readonly TaskPath[]): string {
  return tasks.map((task) => `${task} ▸ `).join('');
}
