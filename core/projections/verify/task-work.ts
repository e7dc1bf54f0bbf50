import { forEachOf } from '../../execution/index.ts';
import { parseItemPath, type TaskPath } from '../../ids/index.ts';
import type { PlannedTask } from '../../plan/index.ts';

/** What is done at a path: an item or a call does what its task's kind says, the task itself only collects. */
export type Work = PlannedTask['kind'] | 'fan_out' | 'for_each';

export function workAt(path: TaskPath, task: PlannedTask): Work {
  if (parseItemPath(path)) return task.kind;
  if (forEachOf(task)) return 'for_each';
  return task.kind === 'agent' && task.fanOut !== undefined ? 'fan_out' : task.kind;
}

/** Whether it lets others run, and does so by opening. */
export function opens(work: Work): boolean {
  return work === 'group' || work === 'loop' || work === 'for_each';
}
