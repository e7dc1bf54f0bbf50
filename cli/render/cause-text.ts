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
      return `tries again ${cause.at > now ? `in ${elapsed(cause.at - now)}` : 'now'} (attempt ${cause.attempt}) after ${cause.error}`;
    default:
      return assertNever(cause, 'the cause of a parked task');
  }
}
