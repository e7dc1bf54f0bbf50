import { itemPathsOf, type PlanIndex } from '../../execution/index.ts';
import { itemPath, iterationOf, parseItemPath, type TaskPath } from '../../ids/index.ts';
import type { PlannedTask } from '../../plan/index.ts';
import { tasksOfRegion } from '../tasks-of-region.ts';
import type { Opening, TaskLife } from './task-life.ts';
import { workAt, type Work } from './task-work.ts';

export type Lives = ReadonlyMap<TaskPath, TaskLife>;

/** Where, by the plan and the openings of the history, a task has to be. */
export interface Place {
  readonly path: TaskPath;
  readonly task: PlannedTask;
  readonly work: Work;
  /** What let it be: of the group, loop or `for_each` around it; absent in the outermost region. */
  readonly opening?: Opening;
}

/**
 * Every task that has to be: those of the outermost region, of each group and iteration that opened, the items of fan-outs, and the
 * calls of a `for_each` up to the last one that shows itself (all of them when it succeeded).
 */
export function placesOf(index: PlanIndex, lives: Lives): readonly Place[] {
  const items = itemsByContainer(lives);
  const places: Place[] = [];
  const visit = (path: TaskPath, opening?: Opening): void => {
    const task = index.taskAt(path);
    const work = workAt(path, task);
    places.push({ path, task, work, ...(opening && { opening }) });
    for (const item of itemPathsOf(path, task)) visit(item, opening);
    const life = lives.get(path);
    for (const opened of life?.openings ?? []) {
      for (const member of membersOf(path, work, opened)) visit(member, opened);
    }
  };
  const membersOf = (path: TaskPath, work: Work, opened: Opening): readonly TaskPath[] => {
    if (work === 'group') return tasksOfRegion(index, path);
    if (work === 'loop') return tasksOfRegion(index, iterationOf(path, opened.data.round ?? 0));
    if (work !== 'for_each') return [];
    const isWhole = lives.get(path)?.settled?.status === 'succeeded';
    const last = items.get(path)?.at(-1)?.path;
    const started = isWhole ? (opened.data.calls ?? 0) : last === undefined ? 0 : indexOf(last) + 1;
    return Array.from({ length: started }, (_, call) => itemPath(path, call));
  };
  for (const path of tasksOfRegion(index, '')) visit(path);
  return places;
}

/** Items and calls that have events, by their container and in their order. */
export function itemsByContainer(lives: Lives): ReadonlyMap<TaskPath, readonly TaskLife[]> {
  const found = new Map<TaskPath, { index: number; life: TaskLife }[]>();
  for (const life of lives.values()) {
    const item = parseItemPath(life.path);
    if (!item) continue;
    const known = found.get(item.container);
    if (known) known.push({ index: item.index, life });
    else found.set(item.container, [{ index: item.index, life }]);
  }
  const inOrder = [...found].map(([container, items]) => {
    const sorted = items.sort((a, b) => a.index - b.index).map(({ life }) => life);
    return [container, sorted] as const;
  });
  return new Map(inOrder);
}

export function indexOf(item: TaskPath): number {
  return parseItemPath(item)?.index ?? 0;
}
