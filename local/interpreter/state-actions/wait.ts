import type { WaitState } from '../machine.ts';
import { pauseUntil } from '../pause.ts';
import type { Outcome, StateVisit } from '../state-visit.ts';

export async function runWait(state: WaitState, visit: StateVisit): Promise<Outcome> {
  await pauseUntil(await endOf(state, visit), visit);
  return visit.leave(state, visit.input);
}

async function endOf({ Seconds, Timestamp }: WaitState, visit: StateVisit): Promise<number> {
  if (Timestamp === undefined) {
    const seconds = await visit.fillAs('number', Seconds ?? 0, 'Seconds');
    if (Number.isInteger(seconds) && seconds >= 0) return visit.surroundings.options.clock.now() + seconds * 1000;
    throw visit.failedEvaluation(`The Seconds field is no whole number of seconds: ${seconds}`, 'Seconds');
  }
  const text = await visit.fillAs('string', Timestamp, 'Timestamp');
  const time = withOffset.test(text) ? Date.parse(text) : NaN;
  if (!Number.isNaN(time)) return time;
  const what = `cannot be parsed as an ISO-8601 extended offset date-time format string: ${text}`;
  throw visit.failedEvaluation(`The Timestamp field ${what}`, 'Timestamp');
}

/** `Date.parse` alone takes more: a space for the T, and local times. Nanoseconds it rounds away. */
const withOffset = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/;
