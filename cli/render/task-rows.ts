import { isSettled, type TaskStatus } from '../../core/execution/index.ts';
import { parseItemPath, taskPath, type TaskPath } from '../../core/ids/index.ts';
import type { Plan, PlannedTask } from '../../core/plan/index.ts';
import type { ExecutionView, TaskView } from '../../core/projections/index.ts';
import { causeText } from './cause-text.ts';
import { oneLine } from './one-line.ts';

/** A task or an item as one line of a display. */
export interface TaskRow {
  readonly path: TaskPath;
  readonly name: string;
  readonly isItem: boolean;
  readonly status: TaskStatus;
  readonly agent: string;
  readonly startedAt?: number;
  readonly settledAt?: number;
  /** What a person wants to know about it now, in a few words. */
  readonly detail: string;
}

/** Every task of the plan in its order, each fan-out followed by its items that anything has happened to. */
export function taskRows(plan: Plan, view: ExecutionView, now: number): TaskRow[] {
  const views = new Map(view.tasks.map((task) => [task.path, task]));
  const items = Map.groupBy(view.tasks, ({ path }) => parseItemPath(path)?.container);
  return plan.tasks.flatMap((task) => {
    const own = views.get(taskPath(task.id));
    if (task.fanOut === undefined) return [rowOf(task, own, now)];
    const started = [...(items.get(taskPath(task.id)) ?? [])].sort((a, b) => indexOf(a) - indexOf(b));
    return [containerRow(task, own, started), ...started.map((item) => rowOf(task, item, now))];
  });
}

function indexOf({ path }: TaskView): number {
  return parseItemPath(path)?.index ?? 0;
}

function rowOf(task: PlannedTask, view: TaskView | undefined, now: number): TaskRow {
  const path = view?.path ?? taskPath(task.id);
  return {
    path,
    name: path,
    isItem: path !== task.id,
    status: view?.status ?? 'pending',
    agent: view?.agent ?? task.agent,
    ...times(view),
    detail: view ? detailOf(view, task, now) : after(task),
  };
}

function containerRow(task: PlannedTask, own: TaskView | undefined, items: readonly TaskView[]): TaskRow {
  const count = task.fanOut ?? 0;
  const settled = items.filter(({ status }) => isSettled(status)).length;
  const isOver = own !== undefined && isSettled(own.status);
  const starts = items.flatMap(({ startedAt }) => startedAt ?? []);
  return {
    path: taskPath(task.id),
    name: `${task.id} ×${count}`,
    isItem: false,
    status: isOver
      ? own.status
      : items.some(({ status }) => status === 'running')
        ? 'running'
        : (own?.status ?? 'pending'),
    agent: task.agent,
    ...(starts.length > 0 && { startedAt: Math.min(...starts) }),
    ...(own?.settledAt !== undefined && { settledAt: own.settledAt }),
    detail: items.length === 0 ? after(task) : `${settled} of ${count} settled`,
  };
}

function times(view: TaskView | undefined): Pick<TaskRow, 'startedAt' | 'settledAt'> {
  return {
    ...(view?.startedAt !== undefined && { startedAt: view.startedAt }),
    ...(view?.settledAt !== undefined && { settledAt: view.settledAt }),
  };
}

function after({ dependsOn }: PlannedTask): string {
  return dependsOn.length === 0 ? '' : `after ${dependsOn.map(({ task }) => task).join(', ')}`;
}

function detailOf(view: TaskView, { retry }: PlannedTask, now: number): string {
  const tries = view.attempts > 1 ? `attempt ${view.attempts} of ${retry.maxAttempts}` : '';
  if (view.cause) return causeText(view.cause, now);
  if (view.error) return [oneLine(`${view.error.name}: ${view.error.message}`), tries].filter(Boolean).join(', ');
  return view.why ?? tries;
}
