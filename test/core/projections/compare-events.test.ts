import { describe, expect, it } from 'vitest';
import { compareEvents } from '../../../core/projections/index.ts';
import { accepted, assigned, openEventLog, started } from '../../makers/event-log.ts';
import { anEvent } from '../../makers/ledger-records.ts';
import { taskPath } from '../../../core/ids/index.ts';

describe('compareEvents', () => {
  it('orders by Lamport clock, then path, then number, whatever the wall clock says', () => {
    const { events } = openEventLog()
      .add('', started)
      .add('b', assigned(), [''])
      .add('b', accepted())
      .add('a', assigned(), ['']);
    const backwards = events.map((event, i) => ({ ...event, time: -i }));

    const order = backwards.toSorted(compareEvents).map(({ path, n }) => `${path}${n}`);

    expect(order).toEqual(['1', 'a1', 'b1', 'b2']);
  });

  it.each([
    [
      { lamport: 1, path: taskPath('b'), n: 9 },
      { lamport: 2, path: taskPath('a'), n: 1 },
    ],
    [
      { lamport: 2, path: taskPath('a'), n: 9 },
      { lamport: 2, path: taskPath('b'), n: 1 },
    ],
    [
      { lamport: 2, path: taskPath('a'), n: 1 },
      { lamport: 2, path: taskPath('a'), n: 2 },
    ],
  ])('has %j before %j', (first, second) => {
    expect(compareEvents(anEvent(first), anEvent(second))).toBeLessThan(0);
    expect(compareEvents(anEvent(second), anEvent(first))).toBeGreaterThan(0);
  });

  it('looks at the number when a broken history repeats a clock', () => {
    const { events } = openEventLog().add('', started).add('', started);
    const [first, second] = events.map((event) => ({ ...event, lamport: 1 }));

    expect(compareEvents(first!, second!)).toBeLessThan(0);
    expect(compareEvents(second!, first!)).toBeGreaterThan(0);
    expect(compareEvents(first!, first!)).toBe(0);
  });
});
