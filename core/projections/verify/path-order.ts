import { isDeepStrictEqual } from 'node:util';
import type { SkeinEvent } from '../../execution/index.ts';
import type { TaskPath } from '../../ids/index.ts';
import type { Report } from './violation.ts';

/** Events of one path by their numbers, each number once. */
export type PathEvents = ReadonlyMap<TaskPath | '', readonly SkeinEvent[]>;

/** Sorts the events by path and number, and checks that numbers have no gaps and clocks rise. */
export function orderPaths(events: readonly SkeinEvent[], report: Report): PathEvents {
  const paths = new Map<TaskPath | '', SkeinEvent[]>();
  const execution = events[0]?.execution;
  for (const event of events) {
    if (event.execution !== execution) {
      report('foreign_event', event.path, `Event ${event.n} belongs to execution ${event.execution}.`);
      continue;
    }
    const known = paths.get(event.path);
    if (known) known.push(event);
    else paths.set(event.path, [event]);
  }
  for (const [path, list] of paths) paths.set(path, numbered(path, list, report));
  return paths;
}

function numbered(path: TaskPath | '', events: SkeinEvent[], report: Report): SkeinEvent[] {
  const kept: SkeinEvent[] = [];
  for (const event of events.sort((a, b) => a.n - b.n)) {
    const before = kept.at(-1);
    if (before?.n === event.n) {
      const how = isDeepStrictEqual(before, event) ? 'is there twice' : 'is there twice, with different content';
      report('duplicate_event', path, `Event ${event.n} ${how}.`);
      continue;
    }
    const expected = (before?.n ?? 0) + 1;
    if (event.n !== expected) report('missing_event', path, `Event ${expected} is missing before ${event.n}.`);
    if (before && event.lamport <= before.lamport) {
      report('clock_not_increasing', path, `Event ${event.n} has clock ${event.lamport}, not above ${before.lamport}.`);
    }
    kept.push(event);
  }
  return kept;
}
