import { describe, expect, it } from 'vitest';
import { createInProcessEventBus, type InProcessEventBus } from '../../../adapters/embedded/index.ts';
import type { SkeinEvent } from '../../../core/execution/index.ts';
import { anEvent } from '../../makers/ledger-records.ts';

function start(): { bus: InProcessEventBus; errors: unknown[] } {
  const errors: unknown[] = [];
  return { bus: createInProcessEventBus({ onError: (error) => errors.push(error) }), errors };
}

describe('createInProcessEventBus', () => {
  it('hands every batch to every listener, in order', () => {
    const { bus } = start();
    const heard: [string, readonly SkeinEvent[]][] = [];
    bus.subscribe((events) => heard.push(['a', events]));
    bus.subscribe((events) => heard.push(['b', events]));
    const [first, second] = [[anEvent(), anEvent({ n: 2 })], [anEvent({ n: 3 })]];

    bus.publish(first);
    bus.publish(second);

    expect(heard).toEqual([
      ['a', first],
      ['b', first],
      ['a', second],
      ['b', second],
    ]);
  });

  it('calls nobody when there is nothing to tell', () => {
    const { bus } = start();
    let calls = 0;
    bus.subscribe(() => (calls += 1));

    bus.publish([]);

    expect(calls).toBe(0);
  });

  it('calls a listener no longer after it has unsubscribed, and the others still', () => {
    const { bus } = start();
    const heard: string[] = [];
    const listener = () => void heard.push('twice');
    const unsubscribe = bus.subscribe(listener);
    bus.subscribe(listener);
    bus.subscribe(() => heard.push('once'));

    unsubscribe();
    unsubscribe();
    bus.publish([anEvent()]);

    expect(heard).toEqual(['twice', 'once']);
  });

  it('lets listeners come and go while it publishes', () => {
    const { bus } = start();
    const heard: string[] = [];
    const unsubscribe = bus.subscribe(() => {
      heard.push('first');
      unsubscribe();
      bus.subscribe(() => heard.push('late'));
    });
    bus.subscribe(() => heard.push('second'));

    bus.publish([anEvent()]);
    expect(heard).toEqual(['first', 'second']);
    bus.publish([anEvent()]);
    expect(heard).toEqual(['first', 'second', 'second', 'late']);
  });

  it('keeps the error of a listener from the publisher and from the other listeners', () => {
    const { bus, errors } = start();
    const heard: number[] = [];
    bus.subscribe(() => {
      throw new RangeError('listener');
    });
    bus.subscribe((events) => heard.push(events.length));

    bus.publish([anEvent()]);
    bus.publish([anEvent({ n: 2 })]);

    expect(heard).toEqual([1, 1]);
    expect(errors).toEqual([new RangeError('listener'), new RangeError('listener')]);
  });
});
