/** A share of failures among the calls of a while that opens a breaker. */
export interface FailureRate {
  /** More than 0, 1 at the most. */
  readonly threshold: number;
  /** Seconds. */
  readonly window: number;
  /** With fewer calls than these in the window, their share says nothing. */
  readonly minimumCalls: number;
}

/** Calls that were reported, and those of them that failed. */
export type CallCount = { readonly calls: number; readonly failures: number };

/** Calls reported within a part of the window. `from`: epoch milliseconds of the first one. */
type Bucket = CallCount & { readonly from: number };

/**
 * What one of several counters has heard in one epoch of a breaker, as it is recorded: JSON. Each report goes to one of them, so that those
 * who report at the same moment do not all write the same record.
 */
export type CallWindow = {
  readonly epoch: number;
  /** Seconds: the longest window of those who report. */
  readonly window: number;
  /** Oldest first. */
  readonly buckets: readonly Bucket[];
};

export interface CallReport {
  readonly epoch: number;
  readonly isFailure: boolean;
  readonly rate: FailureRate;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** Parts of a window: what is told of it is true to one of these. */
const BUCKETS = 6;
/** Kept by one counter at most, also where workflows with windows of very different lengths call the same agent. */
const MOST_BUCKETS = 10 * BUCKETS;

/** The counter with one more report. What an earlier epoch has counted, or an earlier while, is forgotten. */
export function countCall(before: CallWindow | undefined, { epoch, isFailure, rate, now }: CallReport): CallWindow {
  const current = before?.epoch === epoch ? before : { epoch, window: 0, buckets: [] };
  const window = Math.max(current.window, rate.window);
  const kept = current.buckets.filter(({ from }) => isWithin(from, window, now));
  const last = kept.at(-1);
  // A clock that is behind counts into what is there.
  const isOver = last === undefined || now - last.from >= (rate.window * 1000) / BUCKETS;
  const open = isOver ? { from: now, calls: 0, failures: 0 } : last;
  const counted = { ...open, calls: open.calls + 1, failures: open.failures + (isFailure ? 1 : 0) };
  return { epoch, window, buckets: [...(isOver ? kept : kept.slice(0, -1)), counted].slice(-MOST_BUCKETS) };
}

/** What all counters together have heard in this epoch and within this window. */
export function callsWithin(
  counters: readonly CallWindow[],
  { epoch, window, now }: { readonly epoch: number; readonly window: number; readonly now: number },
): CallCount {
  const buckets = counters.filter((counter) => counter.epoch === epoch).flatMap((counter) => counter.buckets);
  const recent = buckets.filter(({ from }) => isWithin(from, window, now));
  return {
    calls: recent.reduce((sum, { calls }) => sum + calls, 0),
    failures: recent.reduce((sum, { failures }) => sum + failures, 0),
  };
}

export function isTooMany({ calls, failures }: CallCount, { threshold, minimumCalls }: FailureRate): boolean {
  return calls >= minimumCalls && failures >= threshold * calls;
}

function isWithin(from: number, window: number, now: number): boolean {
  return from > now - window * 1000;
}
