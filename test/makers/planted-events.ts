import type { EventBody, SkeinEvent } from '../../core/execution/index.ts';

/** A change of a history behind the engine's back. */
export type Plant = (events: readonly SkeinEvent[]) => readonly SkeinEvent[];

export const isAt = (event: SkeinEvent, path: string, n: number): boolean => event.path === path && event.n === n;

/** Events of a path, renumbered from 1: what a writer would have written that forgot or invented one. */
export function renumbered(events: readonly SkeinEvent[]): SkeinEvent[] {
  const counts = new Map<string, number>();
  return events.map((event) => {
    counts.set(event.path, (counts.get(event.path) ?? 0) + 1);
    return { ...event, n: counts.get(event.path)! };
  });
}

export const without =
  (path: string, n: number): Plant =>
  (events) =>
    renumbered(events.filter((event) => !isAt(event, path, n)));

export const changed =
  (path: string, n: number, change: Partial<SkeinEvent>): Plant =>
  (events) =>
    events.map((event) => (isAt(event, path, n) ? ({ ...event, ...change } as SkeinEvent) : event));

/** The event follows event `n` of the path, a moment later. */
export const inserted =
  (path: string, n: number, body: EventBody): Plant =>
  (events) =>
    renumbered(
      events.flatMap((event) =>
        isAt(event, path, n) ? [event, { ...event, ...body, lamport: event.lamport + 0.5 }] : [event],
      ),
    );
