import { taskIdOf } from '../ids/index.ts';
import type { ExecutionView } from './execution-view.ts';

export interface ObservedDuration {
  /** Seconds from the start of the first attempt to the end: retries and their delays are in it. */
  readonly median: number;
  /** How often it was seen, items and iterations each by itself. */
  readonly seen: number;
}

/** How long tasks have taken that succeeded, by task id; of a `for_each` one call. Loops are not in it: they are their members. */
export function observedDurations(views: Iterable<ExecutionView>): ReadonlyMap<string, ObservedDuration> {
  const seconds = new Map<string, number[]>();
  for (const { tasks } of views) {
    for (const { path, status, startedAt, settledAt, calls, round } of tasks) {
      const isContainer = calls !== undefined || round !== undefined;
      if (status !== 'succeeded' || isContainer || startedAt === undefined || settledAt === undefined) continue;
      const id = taskIdOf(path);
      const known = seconds.get(id);
      const took = (settledAt - startedAt) / 1_000;
      if (known) known.push(took);
      else seconds.set(id, [took]);
    }
  }
  return new Map(Array.from(seconds, ([id, all]) => [id, { median: medianOf(all), seen: all.length }]));
}

/** Of an even number, the lower of the two in the middle: a time that was really taken. */
function medianOf(all: readonly number[]): number {
  return all.toSorted((a, b) => a - b)[(all.length - 1) >> 1] ?? 0;
}
