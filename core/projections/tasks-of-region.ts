import type { PlanIndex } from '../execution/index.ts';
import { memberPath, parseRegion, type TaskPath } from '../ids/index.ts';

/** The tasks of a region, in its topological order. */
export function tasksOfRegion(index: PlanIndex, region: string): readonly TaskPath[] {
  const container = parseRegion(region)?.container;
  const task = container === undefined ? undefined : index.taskAt(container);
  const { members } = task && 'region' in task ? task.region : index.plan;
  return members.map((id) => memberPath(region, id));
}
