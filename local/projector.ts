import { isTerminal, type SkeinEvent } from '../core/execution/index.ts';
import type { ExecutionId } from '../core/ids/index.ts';
import type { LedgerStore, ViewStore } from '../core/ports/index.ts';
import { createViewBuilder, foldEvents, type ExecutionView, type ViewBuilder } from '../core/projections/index.ts';

/**
 * How long a view may lag behind its events, in milliseconds. A view is written as a whole, so writing it with every event
 * would cost the square of the number of tasks.
 */
const LAG_MS = 250;

/** Added for each task of the view, which takes about 4 µs to write: however many there are, the writing takes no more than a tenth of the time. */
const LAG_MS_OF_TASK = 0.1;

export interface ProjectorDeps {
  readonly ledger: LedgerStore;
  readonly views: ViewStore;
  /** Runs `run` about `delay` milliseconds later, unless what it answers is called before. */
  readonly later: (delay: number, run: () => void) => () => void;
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
  /** Of the view as it was last written. */
  tasks: number;
  /** Calls the next writing off; undefined while none is due. */
  callOff?: (() => void) | undefined;
}

/** Keeps the views of this process's executions up to date: the fold of their events, each written at most as often as its lag says. */
export function createProjector({ ledger, views, later, onEnded, onError }: ProjectorDeps): Projector {
  const projections = new Map<ExecutionId, Projection>();

  const flush = (execution: ExecutionId): void => {
    const projection = projections.get(execution);
    if (!projection) return;
    projection.callOff?.();
    projection.callOff = undefined;
    const view = projection.builder.view();
    projection.tasks = view.tasks.length;
    const ended = isTerminal(view.status);
    if (ended) projections.delete(execution);
    views.put(view).then(() => {
      if (ended) onEnded(view);
    }, onError);
  };

  const apply = (event: SkeinEvent): void => {
    const { execution, type } = event;
    if (type === 'workflow.execution_started') projections.set(execution, { builder: createViewBuilder(), tasks: 0 });
    const projection = projections.get(execution);
    // Neither begun nor adopted here: an agent of a dead process has answered before its execution was resumed.
    if (!projection) return;
    projection.builder.add(event);
    // The first view at once: whoever looks for views that were left behind finds every execution.
    if (type === 'workflow.execution_started' || type === 'workflow.execution_completed') flush(execution);
    else projection.callOff ??= later(LAG_MS + LAG_MS_OF_TASK * projection.tasks, () => flush(execution));
  };

  return {
    listen: (events) => events.forEach(apply),
    async adopt(execution) {
      if (projections.has(execution)) return;
      const events = await ledger.listEvents(execution);
      // One that nobody has begun is the engine's to refuse; one that was adopted meanwhile has heard more than was read.
      if (events.length === 0 || projections.has(execution)) return;
      const view = foldEvents(events);
      projections.set(execution, { builder: createViewBuilder(view), tasks: view.tasks.length });
    },
  };
}
