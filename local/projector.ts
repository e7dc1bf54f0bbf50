import { isTerminal, type SkeinEvent } from '../core/execution/index.ts';
import type { ExecutionId } from '../core/ids/index.ts';
import type { LedgerStore, ViewStore } from '../core/ports/index.ts';
import { createViewBuilder, foldEvents, type ExecutionView, type ViewBuilder } from '../core/projections/index.ts';

/**
 * How long a view may lag behind its events, in milliseconds. A view is written as a whole, so writing it with every event
 * would cost the square of the number of tasks.
 */
const LAG_MS = 250;

export interface ProjectorDeps {
  readonly ledger: LedgerStore;
  readonly views: ViewStore;
  /** Runs `run` about `delay` milliseconds later. */
  readonly later: (delay: number, run: () => void) => void;
  /** The terminal view is stored. */
  readonly onEnded: (view: ExecutionView) => void;
  readonly onError: (error: unknown) => void;
}

export interface Projector {
  readonly listen: (events: readonly SkeinEvent[]) => void;
  /** Reads the events of an execution that another process has begun; one that is followed already stays as it is. */
  adopt(execution: ExecutionId): Promise<void>;
}

interface Projection {
  readonly builder: ViewBuilder;
  waiting: boolean;
}

/** Keeps the views of this process's executions up to date: the fold of their events, written at most every LAG_MS. */
export function createProjector({ ledger, views, later, onEnded, onError }: ProjectorDeps): Projector {
  const projections = new Map<ExecutionId, Projection>();

  const flush = (execution: ExecutionId): void => {
    const projection = projections.get(execution);
    if (!projection) return;
    projection.waiting = false;
    const view = projection.builder.view();
    const ended = isTerminal(view.status);
    if (ended) projections.delete(execution);
    views.put(view).then(() => {
      if (ended) onEnded(view);
    }, onError);
  };

  const apply = (event: SkeinEvent): void => {
    const { execution, type } = event;
    if (type === 'workflow.execution_started')
      projections.set(execution, { builder: createViewBuilder(), waiting: false });
    const projection = projections.get(execution);
    // Neither begun nor adopted here: an agent of a dead process has answered before its execution was resumed.
    if (!projection) return;
    projection.builder.add(event);
    // The first view at once: whoever looks for views that were left behind finds every execution.
    if (type === 'workflow.execution_started' || type === 'workflow.execution_completed') flush(execution);
    else if (!projection.waiting) {
      projection.waiting = true;
      later(LAG_MS, () => flush(execution));
    }
  };

  return {
    listen: (events) => events.forEach(apply),
    async adopt(execution) {
      if (projections.has(execution)) return;
      const events = await ledger.listEvents(execution);
      // One that nobody has begun is the engine's to refuse; one that was adopted meanwhile has heard more than was read.
      if (events.length > 0 && !projections.has(execution))
        projections.set(execution, { builder: createViewBuilder(foldEvents(events)), waiting: false });
    },
  };
}
