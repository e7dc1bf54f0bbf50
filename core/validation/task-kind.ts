import type { TaskDocument } from '../definition/index.ts';

/** The keys that say what a task does, one for each kind. */
export const taskKinds = ['agent', 'requires', 'wait', 'workflow', 'emit', 'loop', 'group'] as const;
export type TaskKind = (typeof taskKinds)[number];

/** What a task does; undefined when it says nothing, or more than one thing. */
export function kindOf(task: TaskDocument): TaskKind | undefined {
  const [kind, another] = taskKinds.filter((key) => task[key] !== undefined);
  return another === undefined ? kind : undefined;
}

/** It is given to an agent, named or found by what it requires. */
export function callsAgent(task: TaskDocument): boolean {
  return task.agent !== undefined || task.requires !== undefined;
}
