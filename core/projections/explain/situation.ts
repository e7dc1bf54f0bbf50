import {
  indexPlan,
  isSettled,
  itemPathsOf,
  type Edge,
  type PlanIndex,
  type TaskRecord,
  type TaskStatus,
} from '../../execution/index.ts';
import { parseItemPath, taskPath, type TaskPath } from '../../ids/index.ts';
import type { PlannedTask } from '../../plan/index.ts';
import type { ExplainInput } from './explanation.ts';

/** The input of `explain` with the look-ups that finding causes needs. */
export interface Situation extends ExplainInput {
  readonly index: PlanIndex;
  find(path: TaskPath): TaskRecord | undefined;
  statusOf(path: TaskPath): TaskStatus;
  edgesOf(task: PlannedTask): readonly Edge[];
  /** Of these tasks the unsettled one with the longest chain of unsettled tasks above it: it holds the others up longest. */
  slowest(ids: readonly string[]): string | undefined;
  /** Tasks with a live attempt, items of fan-outs included, in the plan's order. */
  readonly running: readonly TaskRecord[];
}

export function createSituation(input: ExplainInput): Situation {
  const index = indexPlan(input.plan);
  const records = new Map(input.tasks.map((record) => [record.path, record]));
  const statusOf = (path: TaskPath): TaskStatus => records.get(path)?.status ?? 'pending';
  const depths = unsettledDepths(input, statusOf);
  return {
    ...input,
    index,
    statusOf,
    find: (path) => records.get(path),
    edgesOf: (task) => task.dependsOn.map((edge) => ({ ...edge, status: statusOf(taskPath(edge.task)) })),
    slowest(ids) {
      const depth = (id: string) => depths.get(id) ?? 0;
      const unsettled = ids.filter((id) => depth(id) > 0);
      return unsettled.reduce<string | undefined>(
        (best, id) => (best === undefined || depth(id) > depth(best) ? id : best),
        undefined,
      );
    },
    running: index.paths.flatMap((path) => {
      const record = records.get(path);
      return record?.attempt ? [record] : [];
    }),
  };
}

/** Unsettled tasks on the longest chain that ends at each task; 0 for a settled one. The plan's order makes one pass enough. */
function unsettledDepths({ plan }: ExplainInput, statusOf: (path: TaskPath) => TaskStatus): Map<string, number> {
  const depths = new Map<string, number>();
  for (const { id, dependsOn } of plan.tasks) {
    const above = dependsOn.reduce((most, { task }) => Math.max(most, depths.get(task) ?? 0), 0);
    depths.set(id, isSettled(statusOf(taskPath(id))) ? 0 : above + 1);
  }
  return depths;
}

/** The items of a fan-out; undefined for a plain task and for an item. */
export function itemsOf({ index }: Situation, path: TaskPath): readonly TaskPath[] | undefined {
  if (parseItemPath(path)) return undefined;
  const items = itemPathsOf(index.taskAt(path));
  return items.length > 0 ? items : undefined;
}
