import type { ExecutionId } from '../../core/ids/index.ts';
import type { ViewFilter, ViewStore } from '../../core/ports/index.ts';
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
  { status, workflow, limit }: ViewFilter,
): readonly ExecutionView[] {
  return newestFirst
    .values()
    .filter((view) => status === undefined || view.status === status)
    .filter((view) => workflow === undefined || view.workflow === workflow)
    .take(limit)
    .toArray();
}

function compareNewest(a: ExecutionView, b: ExecutionView): number {
  return b.startedAt - a.startedAt || compareTexts(b.execution, a.execution);
}
