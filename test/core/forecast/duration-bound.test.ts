import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { durationBound, type ChildLife, type DurationBound } from '../../../core/forecast/duration-bound.ts';
import { knownDurations } from '../../../core/forecast/durations.ts';
import { schedule } from '../../../core/forecast/schedule.ts';
import { smallPlan, type PlanSettings, type SmallTasks } from '../../makers/small-plan.ts';

function boundOf(
  tasks: SmallTasks,
  settings: PlanSettings = {},
  childLife: ChildLife = () => undefined,
): DurationBound {
  return durationBound(smallPlan(tasks, settings), childLife);
}

/** Each attempt of these tasks may take 300 s. */
const once = { retry: { maxAttempts: 1 } };

describe('durationBound', () => {
  it('adds all attempts and the longest delays between them', () => {
    const retry = { maxAttempts: 5, interval: 2, backoffRate: 3, maxDelay: 10 };

    expect(boundOf({ a: { retry } }).seconds).toBe(5 * 300 + 2 + 6 + 10 + 10);
  });

  it.each([
    [{ maxAttempts: 4, interval: 7, backoffRate: 1, maxDelay: 60 }, 21],
    [{ maxAttempts: 4, interval: 0, backoffRate: 2, maxDelay: 60 }, 0],
    [{ maxAttempts: 2_001, interval: 0, backoffRate: 2, maxDelay: 60 }, 0],
    [{ maxAttempts: 4, interval: 90, backoffRate: 2, maxDelay: 60 }, 180],
    [{ maxAttempts: 4, interval: 90, backoffRate: 2, maxDelay: 20 }, 60],
    [{ maxAttempts: 1, interval: 5, backoffRate: 2, maxDelay: 60 }, 0],
    [{ maxAttempts: 1_000_001, interval: 1, backoffRate: 2, maxDelay: 64 }, 63 + 64 * 999_994],
  ])('knows the delays of %o', (retry, delays) => {
    expect(boundOf({ a: { retry } }).seconds).toBe(retry.maxAttempts * 300 + delays);
  });

  it('goes along the longest path', () => {
    const { seconds, path } = boundOf({
      a: once,
      b: { wait: { kind: 'seconds', seconds: 1_000 }, after: ['a'] },
      c: { ...once, after: ['a'] },
      d: { ...once, after: ['b', 'c'] },
    });

    expect(seconds).toBe(1_600);
    expect(path).toEqual(['a', 'b', 'd']);
  });

  it('repeats loops, and takes the calls of a for_each in turns', () => {
    expect(boundOf({ l: { loop: { maxIterations: 4, tasks: { a: once } } } }).seconds).toBe(1_200);
    expect(boundOf({ a: { ...once, forEach: { maxItems: 21, maxConcurrency: 10 } } }).seconds).toBe(300 * 3);
    expect(boundOf({ a: { ...once, fanOut: 7 } }).seconds).toBe(300);
  });

  it('adds the work of a limit that can be full, and nothing for one that cannot', () => {
    const three = { a: once, b: once, c: once };

    expect(boundOf(three, { maxParallel: 3 }).seconds).toBe(300);
    expect(boundOf(three, { maxParallel: 2 }).seconds).toBe(300 + 450);
    expect(boundOf({ g: { group: { maxParallel: 2, tasks: three } } }).seconds).toBe(300 + 450);
  });

  it('counts in the work of a limit what may hold its places: attempts, in loops and groups too', () => {
    const three = { a: once, b: once, c: once };
    const twice = { d: { ...once, retry: { maxAttempts: 2, interval: 5 } } };
    const waits = { w: { wait: { kind: 'seconds', seconds: 7 } }, e: { emit: 'e' } } as const;

    expect(boundOf({ ...three, ...twice }, { maxParallel: 1 }).seconds).toBe(605 + 3 * 300 + 600);
    expect(boundOf({ ...three, l: { loop: { maxIterations: 4, tasks: twice } } }, { maxParallel: 2 }).seconds).toBe(
      4 * 605 + (3 * 300 + 4 * 600) / 2,
    );
    expect(boundOf({ x: once, g: { group: { tasks: three } } }, { maxParallel: 2 }).seconds).toBe(300 + 600);
    expect(
      boundOf({ x: once, c: { ...once, forEach: { maxItems: 4, maxConcurrency: 4 } } }, { maxParallel: 3 }),
    ).toEqual({ seconds: 300 + (5 * 300) / 3, path: ['x'] });
    expect(boundOf({ ...three, ...waits }, { maxParallel: 2 }).seconds).toBe(300 + 450);
  });

  it('adds nothing for a limit that the groups inside of it leave room in', () => {
    const group = { g: { group: { maxParallel: 2, tasks: { a: once, b: once, c: once } } } };

    expect(boundOf(group, { maxParallel: 2 }).seconds).toBe(300 + 450);
    expect(boundOf(group, { maxParallel: 1 }).seconds).toBe(300 + 450 + 900);
  });

  it('takes no time for nothing: no tasks, an event, a list without items', () => {
    expect(boundOf({})).toEqual({ seconds: 0, path: [] });
    expect(boundOf({ e: { emit: 'e' } })).toEqual({ seconds: 0, path: ['e'] });
    expect(boundOf({ a: { ...once, forEach: { items: [], maxItems: 0 } } }).seconds).toBe(0);
  });

  it('names the first of several paths that are as long, and a container for what is in it', () => {
    const tasks = {
      a: once,
      b: once,
      c: { ...once, after: ['a', 'b'] },
      l: { after: ['c'], loop: { maxIterations: 2, tasks: { x: once, y: { ...once, after: ['x'] } } } },
      z: { emit: 'z', after: ['b'] },
    };

    expect(boundOf(tasks)).toEqual({ seconds: 600 + 1_200, path: ['a', 'c', 'l'] });
  });

  it('has no end where something may wait for ever', () => {
    expect(boundOf({ a: { wait: { kind: 'event', event: 'e' } }, b: once })).toEqual({
      seconds: Infinity,
      path: ['a'],
    });
    expect(boundOf({ a: { wait: { kind: 'event', event: 'e', timeout: 9 } } }).seconds).toBe(9);
    expect(boundOf({ a: { wait: { kind: 'until', until: '${ input.at }' } } }).seconds).toBe(Infinity);
  });

  it('gives a child the life that it has, if it is known', () => {
    const sub = { sub: { workflow: 'child' } };

    expect(boundOf(sub, {}, () => 77).seconds).toBe(77);
    expect(boundOf(sub).seconds).toBe(Infinity);
    expect(
      boundOf({ sub: { workflow: 'child', forEach: { maxItems: 9, maxConcurrency: 4 } } }, {}, () => 10).seconds,
    ).toBe(10 * 3);
    expect(boundOf({ ...sub, a: once }, { maxParallel: 1 }, () => 77).seconds).toBe(300);
  });

  it('is never beaten by an execution whose attempts keep their timeouts', () => {
    const genes = fc.array(
      fc.record({
        after: fc.array(fc.nat(11), { maxLength: 3 }),
        seconds: fc.integer({ min: 0, max: 300 }),
        items: fc.integer({ min: 1, max: 9 }),
        atOnce: fc.integer({ min: 1, max: 4 }),
      }),
      { minLength: 1, maxLength: 12 },
    );
    fc.assert(
      fc.property(genes, fc.integer({ min: 1, max: 4 }), (all, maxParallel) => {
        const tasks = all.map(({ after, items, atOnce }, index) => {
          const producers = index === 0 ? [] : [...new Set(after.map((it) => `t${it % index}`))];
          const forEach = { maxItems: items, maxConcurrency: atOnce };
          return [`t${index}`, { ...once, after: producers, ...(items > 1 && { forEach }) }] as const;
        });
        const plan = smallPlan(Object.fromEntries(tasks), { maxParallel });
        const durations = knownDurations(new Map(all.map(({ seconds }, index) => [`t${index}`, seconds])));

        const { length } = schedule(plan, { which: 'worst', durations, hasLimits: true });

        expect(durationBound(plan, () => undefined).seconds).toBeGreaterThanOrEqual(length);
      }),
      { numRuns: 1_000, seed: 1_735_559_725 },
    );
  });
});
