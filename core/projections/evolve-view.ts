import { InvariantError } from '../errors/index.ts';
import type { SkeinEvent } from '../execution/index.ts';
import type { TaskPath } from '../ids/index.ts';
import type { ExecutionView, TaskView } from './execution-view.ts';

/** Folds many events at the cost of one view: 10,000 tasks copied at each event would be a quadratic fold. */
export interface ViewBuilder {
  add(event: SkeinEvent): void;
  /** The view so far; events added later do not change it. Throws InvariantError before the execution's start. */
  view(): ExecutionView;
}

/**
 * A builder that goes on from `view`. Any order of delivery that keeps the order within each path gives the same view,
 * because an event changes nothing but its own task; the sorted order is one of these.
 */
export function createViewBuilder(view?: ExecutionView): ViewBuilder {
  const tasks = new Map(view?.tasks.map((task) => [task.path, task]));
  // Its own tasks and count are those of the beginning; view() puts the present ones in their place.
  let header = view;
  let events = view?.events ?? 0;

  return {
    add(event) {
      events += 1;
      if (event.path === '') header = evolveHeader(header, event);
      else tasks.set(event.path, evolveTask(tasks.get(event.path), event.path, event));
    },
    view() {
      if (!header) throw withoutStart();
      return { ...header, tasks: [...tasks.values()].sort(byFirstEvent), events };
    },
  };
}

export function foldEvents(events: readonly SkeinEvent[]): ExecutionView {
  const builder = createViewBuilder();
  for (const event of events) builder.add(event);
  return builder.view();
}

/** The view after one more event. For many events in a row take a builder. */
export function evolveView(view: ExecutionView | undefined, event: SkeinEvent): ExecutionView {
  const builder = createViewBuilder(view);
  builder.add(event);
  return builder.view();
}

function byFirstEvent(a: TaskView, b: TaskView): number {
  return a.firstLamport - b.firstLamport || (a.path < b.path ? -1 : 1);
}

function evolveHeader(header: ExecutionView | undefined, event: SkeinEvent): ExecutionView {
  if (event.type === 'workflow.execution_started') {
    const { execution, time, data } = event;
    return { execution, ...data, status: 'planning', startedAt: time, tasks: [], events: 0 };
  }
  if (!header) throw withoutStart();
  switch (event.type) {
    case 'workflow.status_changed': {
      const { to, reason } = event.data;
      return { ...header, status: to, ...(reason !== undefined && { reason }) };
    }
    case 'workflow.execution_completed':
      return { ...header, ...event.data, endedAt: event.time };
    default:
      return header;
  }
}

function evolveTask(before: TaskView | undefined, path: TaskPath, event: SkeinEvent): TaskView {
  // A cause belongs to the parking that it explains: whatever happens next ends it.
  const { cause, ...task } = before ?? { path, firstLamport: event.lamport, status: 'pending', attempts: 0 };
  switch (event.type) {
    case 'task.assigned': {
      const { attempt, agent } = event.data;
      return { ...task, status: 'running', agent, attempts: attempt, startedAt: task.startedAt ?? event.time };
    }
    case 'task.parked':
      return { ...task, status: 'parked', cause: event.data.cause };
    case 'task.completed':
      return { ...task, ...event.data, status: 'succeeded', settledAt: event.time };
    case 'task.failed':
      return { ...task, ...event.data, status: 'failed', settledAt: event.time };
    case 'task.skipped':
    case 'task.cancelled':
      return { ...task, ...event.data, settledAt: event.time };
    default:
      // `started` and `retried` say nothing that assignment and parking have not said or will not say.
      return cause ? { ...task, cause } : task;
  }
}

function withoutStart(): InvariantError {
  return new InvariantError({
    code: 'history_without_start',
    message: 'The history does not begin with workflow.execution_started.',
  });
}
