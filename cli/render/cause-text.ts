import { assertNever } from '../../core/errors/index.ts';
import type { Cause } from '../../core/execution/index.ts';
import { elapsed } from './numbers.ts';

/** Why a task waits, in a few words. `now` is epoch milliseconds. */
export function causeText(cause: Cause, now: number): string {
  switch (cause.kind) {
    case 'dependency':
      return `waits for ${cause.tasks.join(', ')}`;
    case 'concurrency':
      return `waits for one of the ${cause.size} places of ${cause.limit}`;
    case 'retry':
      return `tries again ${inTime(cause.at, now)} (attempt ${cause.attempt}) after ${cause.error}`;
    case 'schedule':
      return `goes on ${inTime(cause.at, now)}`;
    case 'event':
      return `waits for an event ${cause.event}${cause.until === undefined ? '' : `, which has to come ${inTime(cause.until, now)}`}`;
    default:
      return assertNever(cause, 'the cause of a parked task');
  }
}

function inTime(at: number, now: number): string {
  return at > now ? `in ${elapsed(at - now)}` : 'now';
}
