import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  closedBreaker,
  decideBreaker,
  mayCall,
  nextLook,
  type Breaker,
  type BreakerHold,
  type BreakerNews,
  type BreakerSettings,
} from '../../../core/resilience/index.ts';

const settings: BreakerSettings = { failureThreshold: 3, successThreshold: 2, timeout: 60, halfOpenMaxCalls: 3 };
const MINUTE = 60_000;

const asked = (permit: string, expires = 10 * MINUTE): BreakerNews => ({ kind: 'asked', permit, expires });
const holdOf = ({ epoch }: Breaker, permit = 'p'): BreakerHold => ({ agent: 'flaky', epoch, permit });
const failed = (hold: BreakerHold, change: Partial<BreakerSettings> = {}): BreakerNews => {
  return { kind: 'failed', hold, error: 'Broken', settings: { ...settings, ...change } };
};
const succeeded = (hold: BreakerHold): BreakerNews => ({ kind: 'succeeded', hold });

/** What several news at one moment make of a breaker; each may look at what the ones before have made. */
function after(breaker: Breaker, now: number, ...news: readonly ((breaker: Breaker) => BreakerNews)[]): Breaker {
  return news.reduce((at, next) => decideBreaker(at, next(at), now), breaker);
}

const fail = (breaker: Breaker): BreakerNews => failed(holdOf(breaker));
const opened = (now = 0): Breaker => after(closedBreaker, now, fail, fail, fail);
const ask = (permit: string) => (): BreakerNews => asked(permit);
const report =
  (permit: string) =>
  (breaker: Breaker): BreakerNews =>
    succeeded(holdOf(breaker, permit));
const reportFailure =
  (permit: string) =>
  (breaker: Breaker): BreakerNews =>
    failed(holdOf(breaker, permit));

describe('decideBreaker, closed', () => {
  it('opens with the third failure in a row, for its timeout, and not before', () => {
    expect(after(closedBreaker, 5, fail, fail)).toEqual({ ...closedBreaker, failures: 2 });
    expect(opened(5)).toEqual({
      status: 'open',
      epoch: 1,
      since: 5,
      until: 5 + MINUTE,
      opened: 1,
      error: 'Broken',
      settings: { successThreshold: 2, timeout: 60, halfOpenMaxCalls: 3 },
    });
  });

  it('begins to count anew with a success, and changes nothing where there is nothing to reset', () => {
    const counted = after(closedBreaker, 0, fail, fail);

    expect(after(counted, 0, report('p'), fail, fail).status).toBe('closed');
    expect(decideBreaker(closedBreaker, succeeded(holdOf(closedBreaker)), 0)).toBe(closedBreaker);
    expect(decideBreaker(closedBreaker, asked('p'), 0)).toBe(closedBreaker);
    expect(decideBreaker(closedBreaker, { kind: 'reset' }, 0)).toBe(closedBreaker);
  });

  it.each([1, 2, 7])('takes the threshold of %i from whoever reports', (failureThreshold) => {
    const report = (breaker: Breaker): BreakerNews => failed(holdOf(breaker), { failureThreshold });
    const failures = Array.from({ length: failureThreshold - 1 }, () => report);

    expect(after(closedBreaker, 0, ...failures).status).toBe('closed');
    expect(after(closedBreaker, 0, ...failures, report).status).toBe('open');
  });
});

describe('decideBreaker, open', () => {
  it('lets nobody through before its time, and the first who comes then becomes its first permit', () => {
    const open = opened();

    expect(decideBreaker(open, asked('a'), MINUTE - 1)).toBe(open);
    const trial = decideBreaker(open, asked('a'), MINUTE);
    expect(trial).toMatchObject({ status: 'half_open', epoch: 2, permits: { a: { state: 'out' } } });
    expect(mayCall(trial, 'a')).toBe(true);
    expect(mayCall(open, 'a')).toBe(false);
  });

  it('hears nothing of calls that began while it was closed', () => {
    const open = opened();

    expect(decideBreaker(open, failed(holdOf(closedBreaker)), 1)).toBe(open);
    expect(decideBreaker(open, succeeded(holdOf(closedBreaker)), 1)).toBe(open);
    const trial = decideBreaker(open, asked('a'), MINUTE);
    expect(decideBreaker(trial, failed(holdOf(closedBreaker)), MINUTE)).toBe(trial);
  });

  it('closes at once when somebody resets it, and forgets how often it was opened', () => {
    const closed = decideBreaker(opened(), { kind: 'reset' }, 7);

    expect(closed).toEqual({ status: 'closed', epoch: 2, since: 7, failures: 0 });
    expect(after(closed, 8, fail, fail, fail)).toMatchObject({ status: 'open', until: 8 + MINUTE });
  });
});

describe('decideBreaker, half-open', () => {
  const trial = after(opened(), MINUTE, ask('a'), ask('b'), ask('c'));

  it('gives as many permits as there are calls, and says to everybody else when to come back', () => {
    expect(Object.keys(trial.status === 'half_open' ? trial.permits : {})).toEqual(['a', 'b', 'c']);
    expect(decideBreaker(trial, asked('d'), MINUTE)).toBe(trial);
    expect(mayCall(trial, 'd')).toBe(false);
    expect(nextLook(trial)).toBe(10 * MINUTE);
  });

  it('closes with the second success, and not with one that is reported twice', () => {
    const once = after(trial, MINUTE, report('a'));

    expect(decideBreaker(once, succeeded(holdOf(trial, 'a')), MINUTE)).toBe(once);
    expect(after(once, MINUTE, report('b'))).toEqual({ status: 'closed', epoch: 3, since: MINUTE, failures: 0 });
  });

  it('gives no permit again that was reported: success makes no room', () => {
    const reported = after(trial, MINUTE, report('a'));

    expect(decideBreaker(reported, asked('d'), MINUTE)).toBe(reported);
  });

  it('opens again with one failure, for twice as long each time, and for an hour at the most', () => {
    let breaker = opened();
    const waits: number[] = [];
    for (let round = 0; round < 8; round += 1) {
      const now = nextLook(breaker);
      breaker = after(breaker, now, ask('a'), reportFailure('a'));
      waits.push((nextLook(breaker) - now) / 1000);
    }

    expect(waits).toEqual([120, 240, 480, 960, 1920, 3600, 3600, 3600]);
  });

  it('takes a call that nobody has reported in time for a failure, whoever comes next', () => {
    const late = 10 * MINUTE;

    expect(decideBreaker(trial, asked('d'), late - 1)).toBe(trial);
    for (const news of [asked('d'), succeeded(holdOf(trial, 'a')), failed(holdOf(trial, 'b'))]) {
      expect(decideBreaker(trial, news, late)).toMatchObject({ status: 'open', epoch: 3, until: late + 2 * MINUTE });
    }
  });

  it('has room again for a call that was not made after all, once', () => {
    const withdrawn = decideBreaker(trial, { kind: 'withdrawn', hold: holdOf(trial, 'b') }, MINUTE);

    expect(mayCall(decideBreaker(withdrawn, asked('d'), MINUTE), 'd')).toBe(true);
    expect(decideBreaker(withdrawn, { kind: 'withdrawn', hold: holdOf(trial, 'b') }, MINUTE)).toBe(withdrawn);
    expect(decideBreaker(withdrawn, succeeded(holdOf(trial, 'b')), MINUTE)).toBe(withdrawn);
  });

  it('closes with fewer successes where there are fewer calls', () => {
    const single = { failureThreshold: 1, halfOpenMaxCalls: 1, successThreshold: 9 };
    const open = after(closedBreaker, 0, (breaker) => failed(holdOf(breaker), single));

    expect(after(open, MINUTE, ask('a'), report('a')).status).toBe('closed');
  });
});

/** What a world does that loses, repeats and delays everything. */
type Step =
  | { readonly kind: 'ask'; readonly patience: number }
  | { readonly kind: 'report'; readonly which: number; readonly well: boolean }
  | { readonly kind: 'withdraw'; readonly which: number }
  | { readonly kind: 'pass'; readonly seconds: number }
  | { readonly kind: 'reset' };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('ask' as const), patience: fc.integer({ min: 1, max: 300 }) }),
  },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('report' as const), which: fc.nat(20), well: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('withdraw' as const), which: fc.nat(20) }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('pass' as const), seconds: fc.integer({ min: 1, max: 200 }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('reset' as const) }) },
);

const anySettings = fc.record({
  failureThreshold: fc.integer({ min: 1, max: 3 }),
  successThreshold: fc.integer({ min: 1, max: 4 }),
  timeout: fc.integer({ min: 1, max: 100 }),
  halfOpenMaxCalls: fc.integer({ min: 1, max: 4 }),
});

/** Plays the steps, and tells what was so at each change. Each report may come again and again, at any time. */
function play(steps: readonly Step[], chosen: BreakerSettings) {
  const holds: BreakerHold[] = [];
  /** Permits of each half-open epoch whose calls were made. */
  const calls = new Map<number, Set<string>>();
  const successes = new Map<number, Set<string>>();
  const changes: { readonly before: Breaker; readonly breaker: Breaker; readonly step: Step }[] = [];
  let breaker = closedBreaker;
  let now = 0;
  for (const [index, step] of steps.entries()) {
    if (step.kind === 'pass') now += step.seconds * 1000;
    const hold = step.kind === 'report' || step.kind === 'withdraw' ? holds[step.which % holds.length] : undefined;
    const news = newsOf(step, { index, now, hold, chosen });
    if (!news) continue;
    const before = breaker;
    breaker = decideBreaker(before, news, now);
    if (news.kind === 'asked' && mayCall(breaker, news.permit)) {
      holds.push({ agent: 'a', epoch: breaker.epoch, permit: news.permit });
      if (breaker.status === 'half_open') setOf(calls, breaker.epoch).add(news.permit);
    }
    if (news.kind === 'succeeded') setOf(successes, news.hold.epoch).add(news.hold.permit);
    // Its agent was never called: it is none of the calls.
    if (news.kind === 'withdrawn') setOf(calls, news.hold.epoch).delete(news.hold.permit);
    if (breaker !== before) changes.push({ before, breaker, step });
  }
  return { breaker, changes, calls, successes, now };
}

interface Moment {
  readonly index: number;
  readonly now: number;
  readonly hold: BreakerHold | undefined;
  readonly chosen: BreakerSettings;
}

function newsOf(step: Step, { index, now, hold, chosen }: Moment): BreakerNews | undefined {
  if (step.kind === 'ask') return asked(`permit ${index}`, now + step.patience * 1000);
  if (step.kind === 'reset') return { kind: 'reset' };
  if (!hold || step.kind === 'pass') return undefined;
  if (step.kind === 'withdraw') return { kind: 'withdrawn', hold };
  return step.well ? succeeded(hold) : failed(hold, chosen);
}

function setOf(sets: Map<number, Set<string>>, epoch: number): Set<string> {
  const set = sets.get(epoch) ?? new Set();
  sets.set(epoch, set);
  return set;
}

describe('decideBreaker, whatever happens', () => {
  const worlds = [fc.array(step, { maxLength: 120 }), anySettings] as const;

  it('never goes back an epoch, and one epoch has one status', () => {
    fc.assert(
      fc.property(...worlds, (steps, chosen) => {
        for (const { before, breaker } of play(steps, chosen).changes) {
          expect(breaker.epoch).toBeGreaterThanOrEqual(before.epoch);
          expect(breaker.epoch === before.epoch).toBe(
            breaker.status === before.status && breaker.since === before.since,
          );
        }
      }),
    );
  });

  it('lets no more calls through in a half-open epoch than its settings say', () => {
    fc.assert(
      fc.property(...worlds, (steps, chosen) => {
        for (const permits of play(steps, chosen).calls.values()) {
          expect(permits.size).toBeLessThanOrEqual(chosen.halfOpenMaxCalls);
        }
      }),
    );
  });

  it('closes by itself only after enough different successes of the epoch before', () => {
    fc.assert(
      fc.property(...worlds, (steps, chosen) => {
        const { changes, successes } = play(steps, chosen);
        for (const { before, breaker, step } of changes) {
          if (breaker.status !== 'closed' || before.status === 'closed' || step.kind === 'reset') continue;
          const enough = Math.min(chosen.successThreshold, chosen.halfOpenMaxCalls);
          expect(setOf(successes, before.epoch).size).toBeGreaterThanOrEqual(enough);
        }
      }),
    );
  });

  it('never gets stuck: whoever asks when it says lets it go on, and good calls close it', () => {
    fc.assert(
      fc.property(...worlds, (steps, chosen) => {
        let { breaker, now } = play(steps, chosen);
        for (let round = 0; round < 20 && breaker.status !== 'closed'; round += 1) {
          const permit = `late ${round}`;
          // Room for another call, if there is any; else when there will be.
          breaker = decideBreaker(breaker, asked(permit, now + 1000), now);
          if (mayCall(breaker, permit)) breaker = decideBreaker(breaker, succeeded(holdOf(breaker, permit)), now);
          else now = Math.max(now, nextLook(breaker));
        }

        expect(breaker.status).toBe('closed');
      }),
    );
  });
});
