import type { Catcher, Retrier } from './machine.ts';
import { pauseUntil } from './pause.ts';
import { matchesError, StateFailure } from './state-failure.ts';
import type { Outcome, StateVisit } from './state-visit.ts';

interface Recoverable {
  readonly Retry?: readonly Retrier[];
  readonly Catch?: readonly Catcher[];
}

interface Attempts {
  /** One attempt. A StateFailure may be retried or caught; anything else goes through. */
  readonly attempt: () => Promise<Outcome>;
  /** The last attempt has failed, whether a Catch follows or not. */
  readonly onGivenUp?: () => void;
}

/** Runs attempts until one succeeds, is caught, or fails for good. */
export async function recover(state: Recoverable, visit: StateVisit, attempts: Attempts): Promise<Outcome> {
  const used = new Map<Retrier, number>();
  let retryCount = 0;
  for (;;) {
    visit.retryCount = retryCount;
    try {
      return await attempts.attempt();
    } catch (error) {
      if (!(error instanceof StateFailure)) throw error;
      const retrier = state.Retry?.find(({ ErrorEquals }) => matchesError(ErrorEquals, error));
      const retries = retrier ? (used.get(retrier) ?? 0) : 0;
      if (!retrier || retries >= (retrier.MaxAttempts ?? 3)) {
        attempts.onGivenUp?.();
        return caught(state.Catch ?? [], visit, error);
      }
      used.set(retrier, retries + 1);
      const { clock, random } = visit.surroundings.options;
      await pauseUntil(clock.now() + delayOf(retrier, retries, random), visit);
      retryCount += 1;
    }
  }
}

/** Milliseconds before the next attempt, by the language's defaults: 1 s, doubling. */
function delayOf(retrier: Retrier, retries: number, random: () => number): number {
  const grown = (retrier.IntervalSeconds ?? 1) * (retrier.BackoffRate ?? 2) ** retries;
  const capped = Math.min(grown, retrier.MaxDelaySeconds ?? Infinity);
  return (retrier.JitterStrategy === 'FULL' ? random() * capped : capped) * 1000;
}

async function caught(catchers: readonly Catcher[], visit: StateVisit, failure: StateFailure): Promise<Outcome> {
  const index = catchers.findIndex(({ ErrorEquals }) => matchesError(ErrorEquals, failure));
  const catcher = catchers[index];
  if (!catcher) throw failure;
  const errorOutput = { Error: failure.error ?? null, Cause: failure.cause ?? null };
  return visit.leave(catcher, errorOutput, { errorOutput }, `Catch[${index}]/`);
}
