import { InvariantError } from '../errors/index.ts';
import { isSettled, openQuestion, type Cause, type SkeinEvent } from '../execution/index.ts';
import { parseItemPath, type TaskPath } from '../ids/index.ts';
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
      return { ...header, tasks: withProgress(tasks).sort(byFirstEvent), events };
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

/** A `for_each` shows how far its calls are. Counted at each look, so that an event changes nothing but its own task. */
function withProgress(tasks: ReadonlyMap<TaskPath, TaskView>): TaskView[] {
  const all = [...tasks.values()];
  const open = new Map(all.flatMap(({ path, calls }) => (calls ? [[path, { settled: 0, failed: 0 }]] : [])));
  if (open.size === 0) return all;
  for (const { path, status } of all) {
    const item = isSettled(status) ? parseItemPath(path) : undefined;
    const counts = item && open.get(item.container);
    if (!counts) continue;
    counts.settled += 1;
    if (status === 'failed') counts.failed += 1;
  }
  return all.map((task) => (task.calls ? { ...task, calls: { ...task.calls, ...open.get(task.path) } } : task));
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
      const { to, reason, by = '', why, queue } = event.data;
      // An operator may have it go on after its end.
      const { paused: before, queued, endedAt, ...rest } = header;
      const waits = queue && { queued: { ...queue, at: queued?.at ?? event.time } };
      const paused = to === 'paused' ? { paused: { by, ...(why !== undefined && { why }), at: event.time } } : {};
      return { ...rest, status: to, ...(reason !== undefined && { reason }), ...paused, ...waits };
    }
    case 'workflow.checkpoint_created':
      return { ...header, checkpoint: event.data.checkpoint };
    case 'workflow.execution_completed': {
      const { queued, ...rest } = header;
      return { ...rest, ...event.data, endedAt: event.time };
    }
    default:
      return header;
  }
}

function evolveTask(before: TaskView | undefined, path: TaskPath, event: SkeinEvent): TaskView {
  // A cause belongs to the parking that it explains, a question to the attempt that waits for its answer: what happens next ends them.
  const { cause, approval, ...task } = before ?? { path, firstLamport: event.lamport, status: 'pending', attempts: 0 };
  switch (event.type) {
    case 'task.assigned': {
      const { attempt, agent } = event.data;
      return { ...begun(task, event), status: 'running', agent, attempts: attempt };
    }
    case 'approval.requested':
      return { ...task, approval: event.data.approval };
    case 'task.opened':
      return { ...begun(task, event), status: 'running', ...insideOf(event.data) };
    case 'task.started': {
      const { child } = event.data;
      if (child === undefined) return approval === undefined ? task : { ...task, approval };
      return { ...begun(task, event), status: 'running', child };
    }
    case 'task.parked': {
      const { cause: why } = event.data;
      const parked = isOwnWork(why)
        ? begun(task, event)
        : why.kind === 'pause' || why.kind === 'pool'
          ? unbegun(task)
          : task;
      const asked = why.kind === 'budget' ? why : openQuestion({ cause: why });
      const approval = asked?.approval;
      return { ...parked, status: 'parked', cause: why, ...(approval !== undefined && { approval }) };
    }
    case 'task.completed':
      return { ...task, ...event.data, status: 'succeeded', settledAt: event.time };
    case 'task.failed':
      return { ...task, ...event.data, status: 'failed', settledAt: event.time };
    case 'task.compensating':
      return { ...task, undo: 'compensating' };
    case 'task.compensated':
      return { ...task, undo: 'compensated' };
    case 'task.compensation_failed':
    case 'task.compensation_skipped':
      return { ...task, undo: 'compensation_failed' };
    case 'task.skipped':
    case 'task.cancelled':
      return { ...task, ...event.data, settledAt: event.time };
    default:
      // `retried` says nothing that parking will not say.
      return cause ? { ...task, cause } : task;
  }
}

function begun(task: TaskView, { time }: SkeinEvent): TaskView {
  return task.startedAt === undefined ? { ...task, startedAt: time } : task;
}

/** One that is parked for a pause while it runs was only going to; one that is parked for a slot has died with its process. Neither was an attempt. */
function unbegun(task: TaskView): TaskView {
  if (task.status !== 'running') return task;
  const { startedAt, agent, ...rest } = task;
  const attempts = task.attempts - 1;
  return attempts === 0 ? { ...rest, attempts } : { ...task, attempts };
}

type Opened = Extract<SkeinEvent, { type: 'task.opened' }>['data'];

function insideOf({ round, items, calls }: Opened): Pick<TaskView, 'round' | 'calls'> {
  return {
    ...(round !== undefined && { round }),
    ...(items !== undefined && { calls: { items, count: calls ?? items, settled: 0, failed: 0 } }),
  };
}

/** Waiting for a time or an event is what a `wait` task does, and for people what a checkpoint does; every other parking keeps a task from its work. */
function isOwnWork({ kind }: Cause): boolean {
  return kind === 'schedule' || kind === 'event' || kind === 'approval';
}

function withoutStart(): InvariantError {
  return new InvariantError({
    code: 'history_without_start',
    message: 'The history does not begin with workflow.execution_started.',
  });
}
