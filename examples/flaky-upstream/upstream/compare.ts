import type { Visit } from './price-service.ts';

/** What is needed of an event of the execution. */
export interface Happening {
  readonly type: string;
  readonly path: string;
  readonly time: number;
  readonly data: object;
}

/** A time in which the breaker was open. */
export interface OpenTime {
  readonly from: number;
  readonly to: number;
  /** Requests that came in between, of attempts that had begun before: nobody can call those back. */
  readonly underWay: number;
  /** Requests of attempts that began in between. There must be none. */
  readonly gotThrough: number;
}

/** Holds the breaker's own history against the log of the service that it protects. */
export function compareWithLog(events: readonly Happening[], log: readonly Visit[]): readonly OpenTime[] {
  const begun = new Map<string, number>();
  for (const { type, path, time, data } of events) {
    if (type === 'task.assigned' && 'attempt' in data) begun.set(`${path}#${String(data.attempt)}`, time);
  }
  const changes = events.filter(({ type }) => type.startsWith('breaker.')).sort((a, b) => a.time - b.time);
  return changes.flatMap(({ type, time: from }, index): OpenTime[] => {
    if (type !== 'breaker.opened') return [];
    const to = changes[index + 1]?.time ?? Infinity;
    const came = log.filter(({ at }) => at > from && at < to);
    const underWay = came.filter(({ attempt }) => (begun.get(attempt) ?? Infinity) <= from).length;
    return [{ from, to, underWay, gotThrough: came.length - underWay }];
  });
}
