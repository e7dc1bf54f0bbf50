import { assertNever } from '../../core/errors/index.ts';
import type { Cause } from '../../core/execution/index.ts';
import { budgetAmount } from '../../core/resilience/index.ts';
import { counted, elapsed } from './numbers.ts';

/** Why a task waits, in a few words. `now` is epoch milliseconds. */
export function causeText(cause: Cause, now: number): string {
  switch (cause.kind) {
    case 'dependency':
      return `waits for ${cause.tasks.join(', ')}`;
    case 'concurrency':
      return `waits for ${cause.size === 1 ? 'the only place' : `one of the ${cause.size} places`} of ${cause.limit}`;
    case 'retry':
      return `tries again ${inTime(cause.at, now)} (attempt ${cause.attempt}) after ${cause.error}`;
    case 'schedule':
      return `goes on ${cause.at > now ? `at ${clockText(cause.at, now)}, in ${elapsed(cause.at - now)}` : 'now'}`;
    case 'event': {
      const until = cause.until === undefined ? '' : ` until ${clockText(cause.until, now)}`;
      return `waits for event ${cause.event}${until}`;
    }
    case 'breaker':
      return `waits for the breaker of ${cause.agent} until ${clockText(cause.until, now)}`;
    case 'pool':
      return `waits for ${cause.capacity === 1 ? 'the only slot' : `one of the ${cause.capacity} slots`} of ${cause.pool}, number ${cause.position} in its queue`;
    case 'rate':
      return `waits for its turn ${inTime(cause.at, now)}: ${cause.agent} is called ${callsPer(cause)} at most`;
    case 'same_call':
      return `waits for the same call of ${cause.task} in ${cause.execution}`;
    case 'budget': {
      const whole = budgetAmount(cause.budget, cause.limit);
      if (cause.approval !== undefined)
        return `waits for somebody to raise the budget of ${whole}: \`skein approve ${cause.approval} --output raise=…\``;
      return `waits for room in the budget: calls that go on have reserved what is left of ${whole}`;
    }
    case 'approval': {
      const who = [...(cause.assignees ?? []), ...(cause.roles ?? [])].join(', ');
      return `waits for the decision of ${who === '' ? 'a person' : who} until ${clockText(cause.until, now)}: skein approve ${cause.approval}`;
    }
    case 'pause':
      return `kept back: paused by ${cause.by}`;
    default:
      return assertNever(cause, 'the cause of a parked task');
  }
}

function callsPer({ calls, per }: Extract<Cause, { kind: 'rate' }>): string {
  return `${counted(calls, 'time')} in ${elapsed(per * 1_000)}`;
}

function inTime(at: number, now: number): string {
  return at > now ? `in ${elapsed(at - now)}` : 'now';
}

/** `06:30:00Z`, with its date when that is not today's: the same text wherever it is read. */
function clockText(at: number, now: number): string {
  const [date = '', time = ''] = new Date(at).toISOString().slice(0, 19).split('T');
  const isToday = date === new Date(now).toISOString().slice(0, 10);
  return isToday ? `${time}Z` : `${date} ${time}Z`;
}
