/** What can be refused when the engine has more to do than it gets done. Work under way, answers, heartbeats and cancels never are. */
export type Sheddable = 'definition' | 'start' | 'search';

/** How old work is that should have been begun long ago, as whoever takes it from its queue has seen. Milliseconds. */
export type QueueAge = {
  readonly age: number;
  /** Of the last piece of work by itself. */
  readonly last: number;
  /** When it was seen, epoch milliseconds. */
  readonly at: number;
};

/**
 * From which age on; in this order, so that what is left to refuse costs callers ever more. Milliseconds, and few: what is let in shows in the
 * age only once it is taken, so as much again comes in before anybody sees that it was too much.
 */
const REFUSED_FROM: Readonly<Record<Sheddable, number>> = { definition: 3_000, start: 5_000, search: 15_000 };

/**
 * What was seen so long ago says nothing any more: nobody has to end an overload by hand. Short, because nothing is seen when the queue is
 * empty, and all that is refused meanwhile could have been done.
 */
const VALID = 3_000;
/** What still holds is written down again so often. */
const NOTED_EVERY = 1_000;

/** Seconds. */
const SHORTEST = 5;
const LONGEST = 30;

/** After another piece of work, which was `late`. The younger of two that follow one another counts: one straggler says nothing of a queue. */
export function noteLate(before: QueueAge | undefined, late: number, now: number): QueueAge {
  const last = before && now - before.at <= VALID ? before.last : 0;
  return { age: Math.min(last, late), last: late, at: now };
}

/** Whether others need to know: it decides otherwise than what was written down last, or keeps that from lapsing. */
export function isNews(written: QueueAge | undefined, noted: QueueAge): boolean {
  const before = written ? ageAt(written, noted.at) : 0;
  if (levelOf(before) !== levelOf(noted.age)) return true;
  return levelOf(noted.age) > 0 && noted.at - (written?.at ?? 0) >= NOTED_EVERY;
}

export function ageAt({ age, at }: QueueAge, now: number): number {
  return now - at <= VALID ? age : 0;
}

/**
 * Seconds after which to try again; undefined: it is not refused. `random`, 0 to 1, spreads them: who was refused together does not come back
 * together.
 */
export function refusedFor(what: Sheddable, age: number, random: number): number | undefined {
  if (age < REFUSED_FROM[what]) return undefined;
  const least = Math.min(LONGEST, Math.max(SHORTEST, age / 1_000));
  return Math.ceil(least * (1 + random));
}

/** How many kinds of requests are refused. */
function levelOf(age: number): number {
  return Object.values(REFUSED_FROM).filter((from) => age >= from).length;
}
