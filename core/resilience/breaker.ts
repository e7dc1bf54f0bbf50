import { isTooMany, type CallCount, type FailureRate } from './failure-window.ts';

/** How a breaker acts. Complete, with every default written out. */
export interface BreakerSettings {
  /** Failures in a row that open it; absent: only their share does. */
  readonly failureThreshold?: number;
  /** The share of failures that opens it; absent: only failures in a row do. */
  readonly failureRate?: FailureRate;
  /** Successes of one half-open epoch that close it. */
  readonly successThreshold: number;
  /** Seconds that it stays open at first; each failure while half-open doubles them. */
  readonly timeout: number;
  /** Calls of one half-open epoch. */
  readonly halfOpenMaxCalls: number;
}

/** One call that a half-open breaker has let through. It stays in the list until its epoch ends, so that nobody gets or reports it twice. */
export type Permit = {
  readonly state: 'out' | 'succeeded';
  /** Epoch milliseconds. A call that has not been reported by then has failed. */
  readonly expires: number;
};

/** What it goes by while it is not closed. */
type TrialSettings = { readonly [Key in 'successThreshold' | 'timeout' | 'halfOpenMaxCalls']: number };

/** What opened it. */
type Trouble = { readonly error: string };

/** While it is not closed, the settings of whoever has opened it hold for everybody. */
type Ajar = Trouble & {
  readonly settings: TrialSettings;
  /** How often it has been opened since it was closed. */
  readonly opened: number;
};

/**
 * The breaker of an agent, as it is recorded: JSON. One epoch has one status; every change of status begins the next one, so that what
 * belongs to an earlier epoch is recognised and acts on nothing.
 */
export type Breaker = {
  readonly epoch: number;
  /** Since when this epoch lasts. Epoch milliseconds. */
  readonly since: number;
} & (
  | { readonly status: 'closed'; /** In a row. */ readonly failures: number }
  | (Ajar & { readonly status: 'open'; readonly until: number })
  | (Ajar & { readonly status: 'half_open'; readonly permits: { readonly [nonce: string]: Permit } })
);

type HalfOpen = Extract<Breaker, { status: 'half_open' }>;

/** What an attempt remembers of the breaker that has let it through. */
export interface BreakerHold {
  /** The agent type. */
  readonly agent: string;
  readonly epoch: number;
  /** The name that it asked with; from a closed one nobody asks for it. */
  readonly permit: string;
}

export type BreakerNews =
  /** An attempt wants to begin. `permit`: a name that nobody has used before; `expires`: when it will have been reported, or lost. */
  | { readonly kind: 'asked'; readonly permit: string; readonly expires: number }
  | { readonly kind: 'succeeded'; readonly hold: BreakerHold }
  | {
      readonly kind: 'failed';
      readonly hold: BreakerHold;
      readonly error: string;
      readonly settings: BreakerSettings;
      /** What was reported within the window of `failureRate`, this failure with it. */
      readonly recent?: CallCount;
    }
  /** The agent was not called after all. */
  | { readonly kind: 'withdrawn'; readonly hold: BreakerHold }
  /** Somebody says that the agent is well. */
  | { readonly kind: 'reset' };

/** Seconds: no breaker stays open for longer, unless its own timeout is longer. */
const LONGEST = 3600;

/** As long as nothing is recorded. */
export const closedBreaker: Breaker = { status: 'closed', epoch: 0, since: 0, failures: 0 };

/** What becomes of a breaker. The very same one when nothing does: then there is nothing to write. */
export function decideBreaker(breaker: Breaker, news: BreakerNews, now: number): Breaker {
  const current = expireLost(breaker, now);
  switch (news.kind) {
    case 'asked':
      return ask(current, news, now);
    case 'succeeded':
      return isStale(current, news.hold) ? current : succeed(current, news.hold, now);
    case 'failed':
      return isStale(current, news.hold) ? current : fail(current, news, now);
    case 'withdrawn':
      return isStale(current, news.hold) ? current : withdraw(current, news.hold);
    case 'reset':
      return current.status === 'closed' && current.failures === 0 ? current : closed(current, now);
  }
}

/** Whether the breaker, asked with this permit, has let the attempt through. */
export function mayCall(breaker: Breaker, permit: string): boolean {
  if (breaker.status === 'half_open') return Object.hasOwn(breaker.permits, permit);
  return breaker.status === 'closed';
}

/** Whether what the attempt reports is one call more of those that a closed breaker counts. */
export function isCounted(breaker: Breaker, hold: BreakerHold): boolean {
  return breaker.status === 'closed' && !isStale(breaker, hold);
}

/** Half-open, and all its calls are made: nobody who asks now gets anything else than who has asked before. */
export function isFull(breaker: Breaker): boolean {
  return breaker.status === 'half_open' && Object.keys(breaker.permits).length >= breaker.settings.halfOpenMaxCalls;
}

/** When it makes sense to ask again, if nothing happens before: epoch milliseconds. */
export function nextLook(breaker: Breaker): number {
  switch (breaker.status) {
    case 'closed':
      return breaker.since;
    case 'open':
      return breaker.until;
    case 'half_open':
      return outstanding(breaker).reduce((earliest, { expires }) => Math.min(earliest, expires), Infinity);
  }
}

/** A call that nobody has reported in time has failed, whoever notices: a prober that died must not hold the breaker. */
function expireLost(breaker: Breaker, now: number): Breaker {
  if (breaker.status !== 'half_open' || nextLook(breaker) > now) return breaker;
  return open(breaker, { ...breaker, error: 'no report in time' }, now);
}

function ask(breaker: Breaker, { permit, expires }: Extract<BreakerNews, { kind: 'asked' }>, now: number): Breaker {
  const halfOpen = breaker.status === 'open' && breaker.until <= now ? beginTrial(breaker, now) : breaker;
  if (halfOpen.status !== 'half_open' || isFull(halfOpen)) return breaker;
  return { ...halfOpen, permits: { ...halfOpen.permits, [permit]: { state: 'out', expires } } };
}

function beginTrial({ until, ...open }: Extract<Breaker, { status: 'open' }>, now: number): HalfOpen {
  return { ...open, status: 'half_open', epoch: open.epoch + 1, since: now, permits: {} };
}

/** A report counts once, in the epoch that let its call through. */
function isStale(breaker: Breaker, { epoch, permit }: BreakerHold): boolean {
  if (breaker.epoch !== epoch || breaker.status === 'open') return true;
  if (breaker.status === 'closed') return false;
  return !Object.hasOwn(breaker.permits, permit) || breaker.permits[permit]?.state !== 'out';
}

function succeed(breaker: Breaker, { permit }: BreakerHold, now: number): Breaker {
  if (breaker.status !== 'half_open') return clean(breaker);
  const { permits, settings } = breaker;
  const reported = { ...permits, [permit]: { state: 'succeeded', expires: now } as const };
  const successes = Object.values(reported).filter(({ state }) => state === 'succeeded').length;
  // More successes than there are calls would never come.
  const enough = Math.min(settings.successThreshold, settings.halfOpenMaxCalls);
  return successes >= enough ? closed(breaker, now) : { ...breaker, permits: reported };
}

function clean(breaker: Breaker): Breaker {
  return breaker.status === 'closed' && breaker.failures > 0 ? { ...breaker, failures: 0 } : breaker;
}

function fail(breaker: Breaker, news: Extract<BreakerNews, { kind: 'failed' }>, now: number): Breaker {
  const { error, settings, recent } = news;
  if (breaker.status === 'half_open') return open(breaker, { ...breaker, error }, now);
  if (breaker.status === 'open') return breaker;
  const { failureThreshold = Infinity, failureRate, successThreshold, timeout, halfOpenMaxCalls } = settings;
  const failures = breaker.failures + 1;
  const isOften = failureRate !== undefined && recent !== undefined && isTooMany(recent, failureRate);
  // Each failure is counted here, whatever opens it: of those that come at the same moment each one sees the ones before it.
  if (failures < failureThreshold && !isOften) return { ...breaker, failures };
  return open(breaker, { settings: { successThreshold, timeout, halfOpenMaxCalls }, error, opened: 0 }, now);
}

/** What was never called needs no memory: the revision of the record keeps a late request for the permit from coming back. */
function withdraw(breaker: Breaker, { permit }: BreakerHold): Breaker {
  if (breaker.status !== 'half_open') return breaker;
  const { [permit]: _given, ...permits } = breaker.permits;
  return { ...breaker, permits };
}

function open({ epoch }: Breaker, { settings, error, opened }: Ajar, now: number): Breaker {
  const { timeout } = settings;
  const seconds = Math.min(timeout * 2 ** opened, Math.max(timeout, LONGEST));
  return {
    status: 'open',
    epoch: epoch + 1,
    since: now,
    until: now + seconds * 1000,
    opened: opened + 1,
    error,
    settings,
  };
}

function closed({ epoch }: Breaker, now: number): Breaker {
  return { status: 'closed', epoch: epoch + 1, since: now, failures: 0 };
}

function outstanding({ permits }: HalfOpen): readonly Permit[] {
  return Object.values(permits).filter(({ state }) => state === 'out');
}
