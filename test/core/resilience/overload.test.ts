import { describe, expect, it } from 'vitest';
import { createChance } from '../../../core/chance/index.ts';
import { ageAt, isNews, noteLate, refusedFor, type QueueAge, type Sheddable } from '../../../core/resilience/index.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const kinds: readonly Sheddable[] = ['definition', 'start', 'search'];

describe('refusedFor', () => {
  it('refuses definitions first, then starts, then searches', () => {
    const refused = [0, 2.9, 3, 5, 15, 600].map((age) =>
      kinds.filter((kind) => refusedFor(kind, age * SECOND, 0) !== undefined),
    );

    expect(refused).toEqual([[], [], ['definition'], ['definition', 'start'], [...kinds], [...kinds]]);
  });

  it('says when to come again, not to all the same', () => {
    const told = (random: number) => [3, 12, 600].map((age) => refusedFor('definition', age * SECOND, random));

    expect([told(0), told(0.5), told(0.99)]).toEqual([
      [5, 12, 30],
      [8, 18, 45],
      [10, 24, 60],
    ]);
  });
});

describe('noteLate', () => {
  it('takes the younger of two in a row: one straggler says nothing', () => {
    const straggler = noteLate(noteLate(undefined, 0, 0), 40 * SECOND, SECOND);
    const second = noteLate(straggler, 35 * SECOND, 2 * SECOND);
    const over = noteLate(second, 0, 3 * SECOND);

    expect([straggler.age, second.age, over.age]).toEqual([0, 35 * SECOND, 0]);
  });

  it('forgets by itself: what was seen more than three seconds ago says nothing', () => {
    const noted = noteLate(noteLate(undefined, MINUTE, 0), MINUTE, 0);

    expect([ageAt(noted, 3 * SECOND), ageAt(noted, 3 * SECOND + 1)]).toEqual([MINUTE, 0]);
    expect(noteLate(noted, MINUTE, 4 * SECOND).age).toBe(0);
  });

  it('is news when something else is refused than before, and again before it lapses', () => {
    const at = (age: number, time: number): QueueAge => ({ age: age * SECOND, last: age * SECOND, at: time * SECOND });

    expect(isNews(undefined, at(2, 0))).toBe(false);
    expect(isNews(undefined, at(3, 0))).toBe(true);
    expect(isNews(at(3, 0), at(4, 0.9))).toBe(false);
    expect(isNews(at(3, 0), at(4, 1))).toBe(true);
    expect(isNews(at(3, 0), at(6, 0.5))).toBe(true);
    expect(isNews(at(3, 0), at(1, 0.5))).toBe(true);
  });
});

/** Starts that get done in a second; how long a caller waits for one before he asks again, and how often he asks. */
const CAPACITY = 10;
const PATIENCE = MINUTE;
const TRIES = 5;

interface Asking {
  readonly askAt: number;
  readonly tries: number;
  isServed: boolean;
}

interface Part {
  /** As a multiple of the capacity. */
  readonly load: number;
  readonly seconds: number;
}

/**
 * A tenant's starts at one engine, in virtual time, second by second, first come first served. Who is refused asks again when he is told to;
 * who has waited for too long asks again as well, with his old request still in the queue. Answers how many a second got in time what they
 * wanted, for each part.
 */
function play(parts: readonly Part[], sheds: boolean): readonly number[] {
  const random = createChance(7);
  const queue: { readonly at: number; readonly caller: Asking }[] = [];
  let asking: Asking[] = [];
  let noted: QueueAge | undefined;
  let now = 0;
  let owed = 0;
  const ask = (caller: Asking): Asking => {
    if (caller.askAt > now) return caller;
    const age = noted ? ageAt(noted, now) : 0;
    const refused = sheds ? refusedFor('start', age, random()) : undefined;
    const wait = refused === undefined ? PATIENCE : refused * SECOND;
    const next = { askAt: now + wait, tries: caller.tries - 1, isServed: false };
    if (refused === undefined) queue.push({ at: now, caller: next });
    return next;
  };
  const second = (load: number): number => {
    for (owed += load * CAPACITY; owed >= 1; owed -= 1) asking.push({ askAt: now, tries: TRIES, isServed: false });
    asking = asking.filter(({ isServed, tries, askAt }) => !isServed && (tries > 0 || askAt > now)).map(ask);
    let inTime = 0;
    for (const { at, caller } of queue.splice(0, CAPACITY)) {
      noted = noteLate(noted, now - at, now);
      if (now - at >= PATIENCE || caller.isServed) continue;
      caller.isServed = true;
      inTime += 1;
    }
    now += SECOND;
    return inTime;
  };
  return parts.map(({ load, seconds }) => {
    const done = Array.from({ length: seconds }, () => second(load));
    return done.reduce((sum, each) => sum + each, 0) / seconds;
  });
}

describe('shedding of starts by the age of the queue, with callers who ask again', () => {
  const loads = [0.5, 1, 1.5, 2, 2.5, 3];
  const goodputOf = (sheds: boolean) => loads.map((load) => play([{ load, seconds: 900 }], sheds)[0] ?? 0);

  it('gets nine tenths of what can be done done in time at any load, and not less at a higher one', () => {
    const [half = 0, full = 0, ...over] = goodputOf(true);

    expect([half, full]).toEqual([5, 10]);
    expect(Math.min(...over)).toBeGreaterThanOrEqual(CAPACITY * 0.9);
    over.slice(1).forEach((done, at) => expect(done).toBeGreaterThanOrEqual(over[at] ?? 0));
    // Without it most of what is done comes too late, for callers who have asked again.
    expect(Math.max(...goodputOf(false).slice(2))).toBeLessThan(CAPACITY * 0.2);
  });

  it('is over by itself once the load is, while without it nothing gets done in time for much longer', () => {
    const wave = [
      { load: 3, seconds: 600 },
      { load: 0.5, seconds: 600 },
      { load: 0.5, seconds: 300 },
    ];

    expect(play(wave, true)[2]).toBe(CAPACITY * 0.5);
    expect(play(wave, false)[2]).toBe(0);
  });
});
