import type { SkeinEvent } from '../execution/index.ts';

/** The order of an execution's events: (lamport, path, n). Wall time has no say. */
export function compareEvents(a: SkeinEvent, b: SkeinEvent): number {
  if (a.lamport !== b.lamport) return a.lamport - b.lamport;
  if (a.path !== b.path) return a.path < b.path ? -1 : 1;
  return a.n - b.n;
}
