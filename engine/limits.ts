import { groupLimit, MAX_PARALLEL, regionsAround, type PlanIndex } from '../core/execution/index.ts';
import { parseRegion, regionOf, type TaskPath } from '../core/ids/index.ts';

/** A bound on how many agents work at once. */
export interface Limit {
  readonly name: string;
  readonly size: number;
}

/** Every limit that a task needs a place of: the workflow's, then those of the groups around it. */
export function limitsOf(index: PlanIndex, path: TaskPath): readonly Limit[] {
  const { plan } = index;
  const limits: Limit[] = plan.maxParallel === undefined ? [] : [{ name: MAX_PARALLEL, size: plan.maxParallel }];
  for (const region of regionsAround(regionOf(path))) {
    const container = parseRegion(region)?.container;
    const group = container === undefined ? undefined : index.taskAt(container);
    if (container === undefined || group?.kind !== 'group' || group.maxParallel === undefined) continue;
    limits.push({ name: groupLimit(container), size: group.maxParallel });
  }
  return limits;
}
