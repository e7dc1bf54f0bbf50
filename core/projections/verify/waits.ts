import { matchesPattern, type BusEvent, type Cause, type StoredValue } from '../../execution/index.ts';
import { taskPath, type ExecutionId } from '../../ids/index.ts';
import { isJsonObject, type Json, type JsonObject } from '../../json/index.ts';
import type { EmitTask, WaitTask } from '../../plan/index.ts';
import type { TaskLife } from './task-life.ts';
import type { Report } from './violation.ts';

export interface Waited {
  readonly life: TaskLife;
  /** Of the execution. Epoch milliseconds. */
  readonly startedAt: number;
  /** What the event had to match, where that was read. */
  readonly pattern?: StoredValue;
}

/** A wait ends when its time has come, or with an event of its kind, published in the execution's time. */
export function checkWait({ wait }: WaitTask, { life, startedAt, pattern }: Waited, report: Report): void {
  const { path, settled } = life;
  const event = settled?.event;
  // Somebody has ended the waiting by hand.
  if (life.intervened !== undefined) return;
  if (event?.type !== 'task.completed' && event?.type !== 'task.failed') return;
  const cause = lastCause(life);
  const due = dueTime(cause, event.type === 'task.failed' && event.data.error.name === 'WaitTimeout');
  const never = wait.kind === 'seconds' && cause === undefined && event.type === 'task.completed';
  if (never) report('waited_too_short', path, `It was to wait ${wait.seconds} s, and did not wait.`);
  if (due !== undefined && event.time < due) {
    report('waited_too_short', path, `It ended ${due - event.time} ms before its time.`);
  }
  if (wait.kind !== 'event' || event.type !== 'task.completed') return;
  const output = inlined(event.data.output);
  const fault = isJsonObject(output)
    ? faultOf(output, wait.event, { startedAt, endedAt: event.time, pattern })
    : undefined;
  if (fault !== undefined) report('wrong_event', path, `Its event ${fault}.`);
}

interface Expected {
  readonly startedAt: number;
  readonly endedAt: number;
  readonly pattern: StoredValue | undefined;
}

/** Why a wait may not have ended with this event. */
function faultOf(event: JsonObject, type: string, { startedAt, endedAt, pattern }: Expected): string | undefined {
  const { type: given = null, time, data = null } = event;
  if (given !== type) return `is a ${JSON.stringify(given)}, and it waits for ${type}`;
  const published = typeof time === 'string' ? Date.parse(time) : NaN;
  const isInTime = published >= startedAt && published <= endedAt;
  if (!isInTime) return 'was not published between the start of the execution and the end of the wait';
  const wanted = inlined(pattern);
  return wanted === undefined || matchesPattern(wanted, data) ? undefined : 'does not match';
}

function lastCause({ events }: TaskLife): Cause | undefined {
  const parked = events.filter((event) => event.type === 'task.parked').map(({ data }) => data.cause);
  return parked.findLast(({ kind }) => kind === 'schedule' || kind === 'event');
}

/** Before when it may not end: its time, or, when it gave up waiting for an event, the end of its patience. */
function dueTime(cause: Cause | undefined, gaveUp: boolean): number | undefined {
  if (cause?.kind === 'schedule') return cause.at;
  return gaveUp && cause?.kind === 'event' ? (cause.until ?? Infinity) : undefined;
}

/** An emit's output is the event that it published under its own name. */
export function checkEmit(task: EmitTask, execution: ExecutionId, { path, settled }: TaskLife, report: Report): void {
  const output = settled?.event.type === 'task.completed' ? inlined(settled.event.data.output) : undefined;
  if (!isJsonObject(output)) return;
  const isOwn =
    output['id'] === `${execution}/${path}` && output['source'] === execution && output['type'] === task.event;
  if (!isOwn) report('wrong_event', path, `What it published is not its own event ${task.event}.`);
}

/** Each emit that succeeded has published its event, and nothing else has been published in its name. */
export function checkPublished(
  execution: ExecutionId,
  emits: readonly TaskLife[],
  published: readonly BusEvent[],
  report: Report,
): void {
  const done = new Set(emits.filter(({ settled }) => settled?.status === 'succeeded').map(({ path }) => path));
  const prefix = `${execution}/`;
  for (const { id } of published) {
    if (!id.startsWith(prefix)) continue;
    const path = taskPath(id.slice(prefix.length));
    if (!done.delete(path))
      report('published_unemitted', path, `Event ${id} was published, and the task did not succeed.`);
  }
  for (const path of done) report('emitted_unpublished', path, 'It succeeded, and its event was not published.');
}

function inlined(value: StoredValue | undefined): Json | undefined {
  return value && 'inline' in value ? value.inline : undefined;
}
