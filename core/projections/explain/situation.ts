import {
  indexPlan,
  isSettled,
  membersOf,
  type Edge,
  type PlanIndex,
  type TaskRecord,
  type TaskStatus,
} from '../../execution/index.ts';
import { iterationOf, memberPath, parseItemPath, regionOf, taskIdOf, type TaskPath } from '../../ids/index.ts';
import { tasksOfRegion } from '../tasks-of-region.ts';
import type { ExplainInput } from './explanation.ts';
import { quoted } from './wording.ts';

/** The input of `explain` with the look-ups that finding causes needs. */
export interface Situation extends ExplainInput {
  readonly index: PlanIndex;
  readonly find: (path: TaskPath) => TaskRecord | undefined;
  readonly statusOf: (path: TaskPath) => TaskStatus;
  readonly edgesOf: (path: TaskPath) => readonly Edge[];
  /** Of these tasks the unsettled one with the longest chain of unsettled tasks above and in it: it holds the others up longest. */
  readonly slowest: (paths: readonly TaskPath[]) => TaskPath | undefined;
  /** Tasks with a live attempt or a live child, in the plan's order. */
  readonly running: readonly TaskRecord[];
}

export function createSituation(input: ExplainInput): Situation {
  const index = indexPlan(input.plan);
  const records = new Map(input.tasks.map((record) => [record.path, record]));
  const find = (path: TaskPath): TaskRecord | undefined => records.get(path);
  const statusOf = (path: TaskPath): TaskStatus => find(path)?.status ?? 'pending';
  const depthOf = measureDepths(index, find);
  return {
    ...input,
    index,
    find,
    statusOf,
    edgesOf: (path) =>
      index
        .taskAt(path)
        .dependsOn.map((edge) => ({ ...edge, status: statusOf(memberPath(regionOf(path), edge.task)) })),
    slowest(paths) {
      const unsettled = paths.filter((path) => depthOf(path) > 0);
      return unsettled.reduce<TaskPath | undefined>(
        (best, path) => (best === undefined || depthOf(path) > depthOf(best) ? path : best),
        undefined,
      );
    },
    running: inPlanOrder(index, input.tasks.filter(isWorking)),
  };
}

function isWorking({ attempt, child, status }: TaskRecord): boolean {
  return attempt !== undefined || (child !== undefined && !isSettled(status));
}

function inPlanOrder({ plan }: PlanIndex, records: readonly TaskRecord[]): readonly TaskRecord[] {
  const positions = new Map(plan.tasks.map(({ id }, position) => [id, position]));
  const position = ({ path }: TaskRecord): number => positions.get(taskIdOf(path)) ?? 0;
  const item = ({ path }: TaskRecord): number => parseItemPath(path)?.index ?? 0;
  return records.toSorted((a, b) => position(a) - position(b) || item(a) - item(b));
}

/**
 * Unsettled tasks on the longest chain that ends at a task, those inside of it included; 0 for a settled one. A region is measured
 * when somebody asks for one of its tasks: its topological order makes one pass enough.
 */
function measureDepths(index: PlanIndex, find: Situation['find']): (path: TaskPath) => number {
  const regions = new Map<string, ReadonlyMap<TaskPath, number>>();
  const depthsOf = (region: string): ReadonlyMap<TaskPath, number> => {
    const known = regions.get(region);
    if (known) return known;
    const depths = new Map<TaskPath, number>();
    for (const path of tasksOfRegion(index, region)) {
      const record = find(path);
      const above = index
        .taskAt(path)
        .dependsOn.reduce((most, { task }) => Math.max(most, depths.get(memberPath(region, task)) ?? 0), 0);
      depths.set(path, record && isSettled(record.status) ? 0 : above + Math.max(1, deepestInside(path, record)));
    }
    regions.set(region, depths);
    return depths;
  };
  const deepestInside = (path: TaskPath, record: TaskRecord | undefined): number => {
    const { kind } = index.taskAt(path);
    if (kind !== 'group' && kind !== 'loop') return 0;
    const region = kind === 'group' ? path : iterationOf(path, record?.round ?? 0);
    return Math.max(...depthsOf(region).values());
  };
  return (path) => depthsOf(regionOf(path)).get(path) ?? 0;
}

/**
 * What a container consists of at the moment, or did when it settled: members, those of a loop's last iteration, items, calls.
 * Undefined for a task that is none; members of a container that never opened have no records.
 */
export function insideOf(
  { index }: Situation,
  path: TaskPath,
  record: TaskRecord | undefined,
): readonly TaskPath[] | undefined {
  return membersOf(path, index.taskAt(path), record && { ...record, status: 'running' });
}

export function isInside(path: TaskPath, container: TaskPath): boolean {
  return path.startsWith(`${container}/`) || path.startsWith(`${container}[`);
}

/** Group `quality`, Loop `refine`, Task `lint` */
export function subjectOf({ index }: Situation, path: TaskPath): string {
  const { kind } = index.taskAt(path);
  return `${kind === 'group' ? 'Group' : kind === 'loop' ? 'Loop' : 'Task'} ${quoted(path)}`;
}
