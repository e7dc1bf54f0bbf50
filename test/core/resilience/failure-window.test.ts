import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  callsWithin,
  closedBreaker,
  countCall,
  decideBreaker,
  type BreakerSettings,
  type CallCount,
  type CallWindow,
  type FailureRate,
} from '../../../core/resilience/index.ts';

const rate: FailureRate = { threshold: 0.5, window: 60, minimumCalls: 4 };
const SECOND = 1000;

/** Counts so many calls, failed ones first, at one moment. */
function counted(
  calls: number,
  {
    failures = 0,
    now = 0,
    epoch = 0,
    before,
  }: { failures?: number; now?: number; epoch?: number; before?: CallWindow },
): CallWindow {
  let counter = before;
  for (let at = 0; at < calls; at++) counter = countCall(counter, { epoch, isFailure: at < failures, rate, now });
  return counter!;
}

const within = (counters: readonly CallWindow[], now: number, window = 60): CallCount =>
  callsWithin(counters, { epoch: 0, window, now });

describe('a window of calls', () => {
  it('adds up what all its counters have heard', () => {
    const counters = [counted(3, { failures: 1 }), counted(2, { failures: 2, now: 5 * SECOND })];

    expect(within(counters, 6 * SECOND)).toEqual({ calls: 5, failures: 3 });
  });

  it('forgets what is older than the window, part by part', () => {
    const first = counted(3, { failures: 3 });
    const counter = counted(1, { now: 30 * SECOND, before: first });

    expect(within([counter], 60 * SECOND - 1)).toEqual({ calls: 4, failures: 3 });
    expect(within([counter], 60 * SECOND)).toEqual({ calls: 1, failures: 0 });
    expect(counted(1, { now: 61 * SECOND, before: counter }).buckets).toHaveLength(2);
  });

  it('forgets what an earlier epoch has counted', () => {
    const old = counted(5, { failures: 5 });

    expect(callsWithin([old], { epoch: 1, window: 60, now: 0 })).toEqual({ calls: 0, failures: 0 });
    expect(counted(1, { epoch: 1, before: old }).buckets).toEqual([{ from: 0, calls: 1, failures: 0 }]);
  });

  it('keeps few parts, whatever comes', () => {
    const times = fc.array(fc.integer({ min: -300, max: 300 }), { maxLength: 300 });
    const windows = fc.array(fc.integer({ min: 1, max: 3600 }), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(times, windows, (steps, lengths) => {
        let counter: CallWindow | undefined;
        let now = 0;
        for (const [at, step] of steps.entries()) {
          now += step * 100;
          const own = { ...rate, window: lengths[at % lengths.length] ?? 1 };
          counter = countCall(counter, { epoch: 0, isFailure: at % 2 === 0, rate: own, now });
          expect(counter.buckets.length).toBeLessThanOrEqual(60);
        }
      }),
    );
  });

  it('tells of no call that is older than the window, and of each that is younger by a sixth', () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 20_000 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(gaps, (steps) => {
        const times: number[] = [];
        let counter: CallWindow | undefined;
        for (const step of steps) {
          const now = (times.at(-1) ?? 0) + step;
          times.push(now);
          counter = countCall(counter, { epoch: 0, isFailure: true, rate, now });
          const { calls } = within([counter], now);
          const younger = (seconds: number): number => times.filter((time) => time > now - seconds * SECOND).length;
          expect(calls).toBeLessThanOrEqual(younger(60));
          expect(calls).toBeGreaterThanOrEqual(younger(50));
        }
      }),
    );
  });
});

describe('decideBreaker with a share of failures', () => {
  const settings: BreakerSettings = { failureRate: rate, successThreshold: 2, timeout: 60, halfOpenMaxCalls: 3 };
  const hold = { agent: 'flaky', epoch: 0, permit: 'p' };
  const after = (recent: CallCount, change: Partial<BreakerSettings> = {}): string =>
    decideBreaker(
      closedBreaker,
      { kind: 'failed', hold, error: 'Broken', settings: { ...settings, ...change }, recent },
      0,
    ).status;

  it.each([
    { calls: 4, failures: 2, status: 'open' },
    { calls: 5, failures: 2, status: 'closed' },
    { calls: 3, failures: 3, status: 'closed' },
    { calls: 100, failures: 50, status: 'open' },
  ])('is $status after $failures failures of $calls calls', ({ calls, failures, status }) => {
    expect(after({ calls, failures })).toBe(status);
  });

  it('opens with failures in a row as well, where both are said', () => {
    expect(after({ calls: 10, failures: 1 }, { failureThreshold: 1 })).toBe('open');
    expect(after({ calls: 10, failures: 1 }, { failureThreshold: 2 })).toBe('closed');
  });

  it('never opens by failures in a row where only the share is said', () => {
    let breaker = closedBreaker;
    const recent = { calls: 1000, failures: 1 };
    for (let at = 0; at < 50; at++)
      breaker = decideBreaker(breaker, { kind: 'failed', hold, error: 'Broken', settings, recent }, at);

    expect(breaker).toMatchObject({ status: 'closed', failures: 50 });
  });
});
