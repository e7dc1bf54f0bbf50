import { forEachOf } from '../../execution/index.ts';
import { NotFoundError } from '../../errors/index.ts';
import {
  iterationOf,
  memberPath,
  parseItemPath,
  parseRegion,
  regionOf,
  taskIdOf,
  taskPath,
  type TaskPath,
} from '../../ids/index.ts';
import type { PlannedTask } from '../../plan/index.ts';
import type { Situation } from './situation.ts';
import { nameList, quoted } from './wording.ts';

/** Throws NotFoundError (`task_not_found`) for a path at which the plan can never have a task. */
export function requirePlace(situation: Situation, path: TaskPath): void {
  const tasks = new Map(situation.plan.tasks.map((task) => [task.id, task]));
  if (isPlace(situation, tasks, path)) return;
  const member = tasks.get(taskIdOf(path));
  const here = member && presentPath(situation, member);
  throw new NotFoundError({
    code: 'task_not_found',
    message: `Execution ${situation.execution.id} has no task ${path}.`,
    hint:
      member && here !== path
        ? `The path of ${quoted(member.id)} is ${quoted(here ?? '')}.`
        : `Its tasks are ${nameList(
            situation.plan.tasks.map((task) => presentPath(situation, task)),
            10,
          )}.`,
  });
}

type Tasks = ReadonlyMap<string, PlannedTask>;

function isPlace(situation: Situation, tasks: Tasks, path: TaskPath): boolean {
  const task = tasks.get(taskIdOf(path));
  if (!task) return false;
  const item = parseItemPath(path);
  if (item && item.index >= mostItems(situation, task, item.container)) return false;
  const region = parseRegion(regionOf(path));
  if (task.container !== (region && taskIdOf(region.container))) return false;
  if (!region) return true;
  const around = tasks.get(taskIdOf(region.container));
  const rounds = around?.kind === 'loop' ? around.maxIterations : 0;
  const isRound = region.round === undefined ? around?.kind === 'group' : region.round < rounds;
  return isRound && isPlace(situation, tasks, region.container);
}

/** Items or calls that a task has, or may have before it has opened. */
function mostItems({ find }: Situation, task: PlannedTask, path: TaskPath): number {
  const forEach = forEachOf(task);
  if (forEach) return find(path)?.calls?.calls ?? Math.ceil(forEach.maxItems / (forEach.batch ?? 1));
  return task.kind === 'agent' ? (task.fanOut ?? 0) : 0;
}

/** Where a task is now: in loops, in the iteration that runs. */
function presentPath(situation: Situation, { id, container }: PlannedTask): TaskPath {
  if (container === undefined) return memberPath('', id);
  const around = situation.index.taskAt(taskPath(container));
  const path = presentPath(situation, around);
  return memberPath(around.kind === 'loop' ? iterationOf(path, situation.find(path)?.round ?? 0) : path, id);
}
