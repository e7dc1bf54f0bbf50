import { describe, expect, it } from 'vitest';
import { EventQueue } from '../../../core/forecast/event-queue.ts';

/** Everything that is left, in the order in which it comes. */
function drained<Event>(queue: EventQueue<Event>): { readonly at: number; readonly event: Event }[] {
  const all: { readonly at: number; readonly event: Event }[] = [];
  for (let next = queue.next(); next; next = queue.next()) all.push({ at: next.at, event: next.event });
  return all;
}

const queueOf = (times: readonly number[]): EventQueue<number> => {
  const queue = new EventQueue<number>();
  times.forEach((at, index) => queue.add(at, index));
  return queue;
};

/** By sorting, which keeps the order of what is at the same time. */
const sorted = (times: readonly number[]) =>
  times.map((at, event) => ({ at, event })).toSorted((one, other) => one.at - other.at);

describe('EventQueue', () => {
  it.each([
    ['nothing', []],
    ['one', [5]],
    ['rising times', [1, 2, 3, 4, 5, 6, 7, 8]],
    ['falling times', [8, 7, 6, 5, 4, 3, 2, 1]],
    ['the same time', [4, 4, 4, 4, 4, 4, 4]],
    ['times that come again', [3, 1, 3, 2, 1, 3, 2, 1, 2, 3, 1]],
    ['times that fall within each side of the heap', [1, 9, 2, 10, 11, 3, 4, 12, 13, 10]],
  ])('gives the earliest first, and of one time the first that was added, of %s', (_what, times) => {
    expect(drained(queueOf(times))).toEqual(sorted(times));
  });

  it('keeps the order of any times', () => {
    for (let seed = 1; seed <= 40; seed++) {
      const times = Array.from({ length: seed }, (_, index) => (index * 7919 * seed) % 13);

      expect(drained(queueOf(times))).toEqual(sorted(times));
    }
  });

  it('takes what is added between', () => {
    const queue = queueOf([2, 5, 9]);

    expect(queue.next()).toMatchObject({ at: 2, event: 0 });
    queue.add(5, 3);
    queue.add(3, 4);
    expect(drained(queue).map(({ event }) => event)).toEqual([4, 1, 3, 2]);
    queue.add(1, 5);
    expect(drained(queue)).toEqual([{ at: 1, event: 5 }]);
  });
});
