import { describe, expect, it } from 'vitest';
import { compareEvents } from '../../../core/projections/index.ts';
import { accepted, assigned, openEventLog, started } from '../../makers/event-log.ts';

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

  it('falls back on the number when a broken history repeats a clock', () => {
    const { events } = openEventLog().add('', started).add('', started);
    const [first, second] = events.map((event) => ({ ...event, lamport: 1 }));

    expect(compareEvents(first!, second!)).toBeLessThan(0);
    expect(compareEvents(second!, first!)).toBeGreaterThan(0);
    expect(compareEvents(first!, first!)).toBe(0);
  });
});
