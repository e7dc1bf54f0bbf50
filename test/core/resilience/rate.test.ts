import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decideRate,
  freeCalls,
  noCalls,
  turnAt,
  type RateLog,
  type RateSettings,
} from '../../../core/resilience/index.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const twice: RateSettings = { calls: 2, per: 60 };

const take = (log: RateLog, now: number, settings = twice): RateLog =>
  decideRate(log, { kind: 'taken', settings }, now);
const look = (log: RateLog, now: number): RateLog => decideRate(log, { kind: 'looked' }, now);

/** Who comes at these times, calls as soon as there is a call for it; the moments of the calls. */
function served(settings: RateSettings, arrivals: readonly number[], timeOf = (now: number) => now): number[] {
  let log = noCalls;
  const starts: number[] = [];
  let now = 0;
  for (const arrival of arrivals) {
    now = Math.max(now, arrival);
    // Its turn, told once, is never too early; told again it may be later only where a clock has gone back.
    for (let looks = 0; freeCalls(look(log, timeOf(now)), settings, timeOf(now)) === 0; looks += 1) {
      expect(looks).toBeLessThan(9);
      log = look(log, timeOf(now));
      now += Math.max(1, turnAt(log, settings, { place: 0, now: timeOf(now) }) - timeOf(now));
    }
    log = take(log, timeOf(now), settings);
    starts.push(now);
  }
  expect(log.starts.length).toBeLessThanOrEqual(101);
  return starts;
}

/** The most that lie in one span of that length. */
function mostWithin(starts: readonly number[], span: number): number {
  return Math.max(0, ...starts.map((from) => starts.filter((at) => at >= from && at < from + span).length));
}

const rates = fc.record({ calls: fc.integer({ min: 1, max: 400 }), per: fc.integer({ min: 1, max: 3600 }) });
const arrivals = fc
  .array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 100_000 })), {
    maxLength: 300,
  })
  .map((gaps) => gaps.reduce<number[]>((times, gap) => [...times, (times.at(-1) ?? 0) + gap], []));

describe('decideRate', () => {
  it('counts the calls of the last span, and gives each of them back when it is over', () => {
    const full = take(take(noCalls, 0), 10 * SECOND);

    expect(freeCalls(full, twice, 10 * SECOND)).toBe(0);
    expect(freeCalls(full, twice, MINUTE - 1)).toBe(0);
    expect(freeCalls(full, twice, MINUTE)).toBe(1);
    expect(freeCalls(full, twice, MINUTE + 10 * SECOND)).toBe(2);
  });

  it('forgets what counts no more, and keeps what counts for somebody who has a longer span', () => {
    const hourly = take(noCalls, 0, { calls: 5, per: 3600 });

    expect(take(take(noCalls, 0), 2 * MINUTE).starts).toEqual([{ since: 2 * MINUTE, at: 2 * MINUTE, calls: 1 }]);
    expect(take(hourly, 2 * MINUTE).starts).toHaveLength(2);
    expect(freeCalls(take(hourly, 2 * MINUTE), { calls: 5, per: 3600 }, 2 * MINUTE)).toBe(3);
  });

  it('gives back a call that was not made after all, once', () => {
    const log = take(take(noCalls, 0), 10 * SECOND);
    const hold = { agent: 'worker', at: 10 * SECOND, epoch: log.epoch };

    const left = decideRate(log, { kind: 'withdrawn', hold }, 20 * SECOND);

    expect(freeCalls(left, twice, 20 * SECOND)).toBe(1);
    expect(decideRate(left, { kind: 'withdrawn', hold }, 20 * SECOND)).toBe(left);
  });

  it('is the same when somebody only looks', () => {
    const log = take(noCalls, 0);

    expect(look(log, 5)).toBe(log);
  });

  it('counts what a clock has recorded that goes back now from now on: neither forgotten, nor in the way for longer', () => {
    const log = take(take(noCalls, 0), 10 * MINUTE);
    const hold = { agent: 'worker', at: 10 * MINUTE, epoch: log.epoch };

    const now = look(log, MINUTE);

    expect(freeCalls(now, twice, MINUTE)).toBe(1);
    expect(turnAt(now, { calls: 1, per: 60 }, { place: 0, now: MINUTE })).toBe(2 * MINUTE);
    expect(look(now, MINUTE + 1)).toBe(now);
    // By its time it could be taken for another one.
    expect(decideRate(now, { kind: 'withdrawn', hold }, 10 * MINUTE)).toBe(now);
  });

  it('never lets more calls start in a span than it says, however they come', () => {
    fc.assert(
      fc.property(rates, arrivals, (settings, times) => {
        const starts = served(settings, times);

        expect(mostWithin(starts, settings.per * SECOND)).toBeLessThanOrEqual(settings.calls);
      }),
    );
  });

  it('lets nobody wait who may call, up to a hundred calls', () => {
    const few = fc.record({ calls: fc.integer({ min: 1, max: 100 }), per: fc.integer({ min: 1, max: 3600 }) });
    fc.assert(
      fc.property(few, arrivals, (settings, times) => {
        const starts = served(settings, times);

        for (const [index, at] of starts.entries()) {
          const before = starts[index - settings.calls];
          const free = before === undefined ? 0 : before + settings.per * SECOND;
          expect(at).toBe(Math.max(times[index] ?? 0, free, starts[index - 1] ?? 0));
        }
      }),
    );
  });

  it('lets nobody wait for longer than a fiftieth of the span, where a log of many calls is thinned out', () => {
    fc.assert(
      fc.property(rates, arrivals, (settings, times) => {
        const starts = served(settings, times);
        const span = settings.per * SECOND;

        for (const [index, at] of starts.entries()) {
          const before = starts[index - settings.calls];
          const free = before === undefined ? 0 : before + span;
          expect(at).toBeLessThanOrEqual(Math.max(times[index] ?? 0, free, starts[index - 1] ?? 0) + span / 50);
        }
      }),
    );
  });

  it('holds in real time where clocks go back, and nobody waits for longer than one span more for each time that one does', () => {
    const jumps = fc.array(
      fc.record({ at: fc.integer({ min: 0, max: 500_000 }), by: fc.integer({ min: 1, max: 1e9 }) }),
      {
        maxLength: 3,
      },
    );
    fc.assert(
      fc.property(rates, arrivals, jumps, (settings, times, back) => {
        const timeOf = (now: number) =>
          2e9 + now - back.filter(({ at }) => at <= now).reduce((sum, { by }) => sum + by, 0);

        const starts = served(settings, times, timeOf);

        expect(mostWithin(starts, settings.per * SECOND)).toBeLessThanOrEqual(settings.calls);
      }),
    );
  });
});

describe('turnAt', () => {
  it('is the time at which a call comes back, for the first as for those behind', () => {
    const log = take(take(noCalls, 0), 10 * SECOND);
    const turn = (place: number) => turnAt(log, twice, { place, now: 20 * SECOND }) / SECOND;

    expect([0, 1, 2, 3, 4, 5].map(turn)).toEqual([60, 70, 120, 130, 180, 190]);
  });

  it('is now where there are calls left, and spans from now for those whom these do not reach', () => {
    const turn = (place: number) => turnAt(take(noCalls, 0), twice, { place, now: 20 * SECOND }) / SECOND;

    expect([0, 1, 2, 3].map(turn)).toEqual([20, 60, 80, 120]);
  });

  it('is when each of those who wait really comes, if all come as soon as they may', () => {
    fc.assert(
      fc.property(
        fc.record({ calls: fc.integer({ min: 1, max: 20 }), per: fc.integer({ min: 1, max: 60 }) }),
        fc.array(fc.integer({ min: 0, max: 5_000 }), { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 1, max: 50 }),
        (settings, gaps, waiting) => {
          const times = gaps.reduce<number[]>((all, gap) => [...all, (all.at(-1) ?? 0) + gap], []);
          const starts = served(settings, times);
          const now = starts.at(-1) ?? 0;
          const log = starts.reduce((before, at) => take(before, at, settings), noCalls);

          const turns = Array.from({ length: waiting }, (_, place) => turnAt(log, settings, { place, now }));

          expect(served(settings, [...times, ...turns.map(() => now)]).slice(times.length)).toEqual(turns);
        },
      ),
    );
  });
});
