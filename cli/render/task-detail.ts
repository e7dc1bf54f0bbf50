import { isSettled, type Cached } from '../../core/execution/index.ts';
import { iterationOf } from '../../core/ids/index.ts';
import type { GroupTask, LoopTask, PlannedTask } from '../../core/plan/index.ts';
import type { TaskView } from '../../core/projections/index.ts';
import { causeText } from './cause-text.ts';
import { counted, elapsed } from './numbers.ts';
import { oneLine } from './one-line.ts';

/** What stands before it. */
export function afterText({ dependsOn }: PlannedTask): string {
  return dependsOn.length === 0 ? '' : `after ${dependsOn.map(({ task }) => task).join(', ')}`;
}

const undoTexts: Readonly<Record<NonNullable<TaskView['undo']>, string>> = {
  compensating: 'is being undone',
  compensated: 'undone',
  compensation_failed: 'not undone: skein compensations',
};

/** Why it waits, how it failed, which try it is, which execution it has started. */
export function taskDetail(view: TaskView, task: PlannedTask, now: number): string {
  if (view.cause) return causeText(view.cause, now);
  if (view.undo) return undoTexts[view.undo];
  if (view.approval !== undefined) return 'waits for a decision: skein approvals';
  const tries =
    task.kind === 'agent' && view.attempts > 1 ? `attempt ${view.attempts} of ${task.retry.maxAttempts}` : '';
  const child = view.child === undefined ? '' : `as ${view.child}`;
  if (view.error)
    return [oneLine(`${view.error.name}: ${view.error.message}`), tries, child].filter(Boolean).join(', ');
  if (view.cached) return cachedText(view.cached, view.settledAt ?? now);
  return view.why ?? (tries || child);
}

/** Whose answer it is, and how old it was when it was taken. */
export function cachedText({ execution, task, at }: Cached, taken: number): string {
  return `from the cache: ${task} of ${execution}, ${elapsed(taken - at)} before`;
}

interface Count {
  readonly settled: number;
  readonly count: number;
}

/** Of a container that has opened: how far it is, and where a loop's tasks are to be found. */
export function containerDetail(
  task: GroupTask | LoopTask,
  { path, round = 0, status }: TaskView,
  { settled, count }: Count,
): string {
  if (task.kind === 'group') return `${settled} of ${count} settled`;
  const iteration = iterationOf(path, round);
  return isSettled(status) ? `ended with ${iteration}` : `now in ${iteration}, ${settled} of ${count} settled`;
}

/** Of a fan-out or a `for_each`; its name counts the calls of the latter. */
export function itemsDetail(task: PlannedTask, view: TaskView | undefined, items: readonly TaskView[]): string {
  const failed = items.filter(({ status }) => status === 'failed').length;
  const failures = failed === 0 ? '' : `${failed} failed`;
  if (view?.calls) {
    const { items: all, count } = view.calls;
    return [all === count ? '' : `${counted(all, 'item')} in ${counted(count, 'call')}`, failures]
      .filter(Boolean)
      .join(', ');
  }
  const settled = items.filter(({ status }) => isSettled(status)).length;
  const count = task.kind === 'agent' ? (task.fanOut ?? items.length) : items.length;
  return `${settled} of ${count} settled${failures === '' ? '' : `, ${failures}`}`;
}
