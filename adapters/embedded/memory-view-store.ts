import type { ExecutionId } from '../../core/ids/index.ts';
import type { ViewFilter, ViewPosition, ViewStore } from '../../core/ports/index.ts';
import type { ExecutionView } from '../../core/projections/index.ts';
import { compareTexts, putSorted, removeSorted } from './sorted-array.ts';

export function createMemoryViewStore(): ViewStore {
  const views = new Map<ExecutionId, ExecutionView>();
  const newestFirst: ExecutionView[] = [];
  return {
    put: async (view) => {
      const stored = views.get(view.execution);
      if (stored) removeSorted(newestFirst, stored, compareNewest);
      putSorted(newestFirst, view, compareNewest);
      views.set(view.execution, view);
    },
    find: async (execution) => views.get(execution),
    list: async (filter) => pick(newestFirst, filter),
  };
}

function pick(
  newestFirst: readonly ExecutionView[],
  { status, workflow, after, since = -Infinity, limit }: ViewFilter,
): readonly ExecutionView[] {
  return newestFirst
    .values()
    .filter((view) => status === undefined || view.status === status)
    .filter((view) => workflow === undefined || view.workflow === workflow)
    .filter((view) => after === undefined || compareNewest(view, after) > 0)
    .filter((view) => view.startedAt >= since)
    .take(limit)
    .toArray();
}

function compareNewest(a: ViewPosition, b: ViewPosition): number {
  return b.startedAt - a.startedAt || compareTexts(b.execution, a.execution);
}
