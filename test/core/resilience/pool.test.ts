import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decideSlot,
  instanceStatus,
  rankSlots,
  turnOf,
  unusedSlot,
  type PoolStrategy,
  type Slot,
  type SlotHolder,
  type SlotNews,
} from '../../../core/resilience/index.ts';

const holder: SlotHolder = { execution: 'exec_1', path: 'lint', attempt: 1 };
const other: SlotHolder = { ...holder, path: 'scan' };
const MINUTE = 60_000;

const taken = (by = holder): SlotNews => ({ kind: 'taken', holder: by });
const givenBack = (token: number, answered = true): SlotNews => ({ kind: 'given_back', token, answered });
const swept = (isLive: boolean): SlotNews => ({ kind: 'swept', isLive, patience: MINUTE });

/** What news, one a minute, make of a slot that nobody has used. */
function after(...news: readonly SlotNews[]): Slot {
  return news.reduce((slot, next, minute) => decideSlot(slot, next, minute * MINUTE), unusedSlot);
}

describe('decideSlot', () => {
  it('gives a free slot to whoever asks, and a held one to nobody', () => {
    const held = after(taken());

    expect(held).toEqual({ token: 1, holder, takenAt: 0 });
    expect(decideSlot(held, taken(other), MINUTE)).toBe(held);
  });

  it('frees it for its holder, once', () => {
    const free = after(taken(), givenBack(1));

    expect(free).toEqual({ token: 2, takenAt: 0, response: MINUTE });
    expect(decideSlot(free, givenBack(1), 2 * MINUTE)).toBe(free);
  });

  it('knows whoever had it before by the token', () => {
    const again = after(taken(), givenBack(1), taken(other));

    expect(again).toMatchObject({ token: 3, holder: other });
    expect(decideSlot(again, givenBack(1), 3 * MINUTE)).toBe(again);
  });

  it('is reclaimed by the second sweep that finds its holder gone, and the holder gives nothing back afterwards', () => {
    const marked = after(taken(), swept(false));
    expect(marked).toMatchObject({ token: 1, holder, marked: MINUTE });

    const reclaimed = decideSlot(marked, swept(false), 2 * MINUTE);

    expect(reclaimed).toEqual({ token: 2, takenAt: 0 });
    expect(decideSlot(reclaimed, givenBack(1), 3 * MINUTE)).toBe(reclaimed);
  });

  it('is not reclaimed by two sweeps at once', () => {
    const marked = after(taken(), swept(false));

    expect(decideSlot(marked, swept(false), MINUTE + 1)).toBe(marked);
  });

  it('loses its mark with a sign of life, and is not reclaimed then', () => {
    const renewed = after(taken(), swept(false), swept(true));

    expect(renewed).not.toHaveProperty('marked');
    expect(decideSlot(renewed, swept(false), 3 * MINUTE)).toMatchObject({ holder });
  });

  it('leaves a free slot alone, however often it is swept', () => {
    const free = after(taken(), givenBack(1));

    expect(decideSlot(free, swept(false), 9 * MINUTE)).toBe(free);
  });

  it('averages response times with three tenths of the newest, and asks only calls that were answered', () => {
    const slot = after(taken(), givenBack(1), taken());

    expect(decideSlot(slot, givenBack(3), 2 * MINUTE + 10_000).response).toBeCloseTo(0.3 * 10_000 + 0.7 * MINUTE);
    expect(decideSlot(slot, givenBack(3, false), 9 * MINUTE).response).toBe(MINUTE);
  });

  it('is nobody’s next while its instance is drained: its holder keeps it until he gives it back', () => {
    const draining = after(taken(), { kind: 'closed' });

    expect(draining).toMatchObject({ holder, closed: true });
    const offline = decideSlot(draining, givenBack(1), MINUTE);
    expect(offline).toMatchObject({ token: 2, closed: true });
    expect(offline).not.toHaveProperty('holder');
    expect(decideSlot(offline, taken(other), MINUTE)).toBe(offline);
    expect(decideSlot(offline, { kind: 'closed' }, MINUTE)).toBe(offline);
    const open = decideSlot(offline, { kind: 'opened' }, MINUTE);
    expect(decideSlot(open, taken(other), MINUTE)).toMatchObject({ holder: other, token: 3 });
    expect(decideSlot(open, { kind: 'opened' }, MINUTE)).toBe(open);
  });

  it('never has its token go back, and never changes hands without a new one', () => {
    const news = fc.oneof(
      fc.constantFrom(holder, other).map(taken),
      fc.integer({ min: 0, max: 6 }).map((token) => givenBack(token)),
      fc.boolean().map(swept),
      fc.constantFrom<SlotNews>({ kind: 'closed' }, { kind: 'opened' }),
    );
    fc.assert(
      fc.property(fc.array(news, { maxLength: 30 }), (all) => {
        let slot = unusedSlot;
        for (const [minute, next] of all.entries()) {
          const then = decideSlot(slot, next, minute * MINUTE);
          const changesHands = then.holder !== slot.holder;
          expect(then.token).toBe(slot.token + (changesHands ? 1 : 0));
          if (slot.holder && then.holder) expect(then.holder).toBe(slot.holder);
          slot = then;
        }
      }),
    );
  });
});

describe('turnOf', () => {
  it('lets come first who has more priority, and who came first where that is equal', () => {
    const queue = [
      { name: 'late', arrival: 1_000_002, priority: 0 },
      { name: 'urgent', arrival: 1_000_003, priority: 9 },
      { name: 'early', arrival: 1_000_001, priority: 0 },
    ];

    expect(queue.toSorted((one, two) => turnOf(one) - turnOf(two)).map(({ name }) => name)).toEqual([
      'urgent',
      'early',
      'late',
    ]);
  });

  it('lets nobody be overtaken by those who come more than 270 s later, whatever their priority', () => {
    const arrival = fc.integer({ min: 300_000, max: 10_000_000 });
    const priority = fc.integer({ min: 0, max: 9 });
    fc.assert(
      fc.property(
        arrival,
        priority,
        fc.integer({ min: 270_001, max: 1_000_000 }),
        priority,
        (came, own, later, theirs) => {
          const mine = turnOf({ arrival: came, priority: own });

          expect(turnOf({ arrival: came + later, priority: theirs })).toBeGreaterThan(mine);
        },
      ),
    );
  });
});

describe('instanceStatus', () => {
  const held: Slot = { token: 1, holder };
  const closed: Slot = { token: 0, closed: true };

  it.each([
    ['idle', [unusedSlot, unusedSlot]],
    ['busy', [held, unusedSlot]],
    ['draining', [{ ...held, closed: true as const }, closed]],
    ['offline', [closed, closed]],
    // Half of a change that a crash has interrupted.
    ['busy', [closed, held]],
  ] as const)('is %s', (status, slots) => {
    expect(instanceStatus(slots)).toBe(status);
  });
});

describe('rankSlots', () => {
  const used = (takenAt: number, response?: number): Slot => ({
    token: 2,
    takenAt,
    ...(response !== undefined && { response }),
  });
  const held = (takenAt: number): Slot => ({ token: 1, holder, takenAt });
  const rank = (strategy: PoolStrategy, slots: readonly Slot[], { instances = slots.length, lots = [0] } = {}) => {
    let turn = 0;
    return rankSlots({ strategy, instances }, slots, () => lots[turn++ % lots.length] ?? 0);
  };

  it('offers free slots only, and none of an instance that is drained', () => {
    for (const strategy of ['round_robin', 'least_loaded', 'least_response_time', 'random'] as const) {
      expect(rank(strategy, [{ token: 0, closed: true }, unusedSlot])).toEqual([1]);
      expect(rank(strategy, [held(1), unusedSlot, held(2)])).toEqual([1]);
    }
  });

  it('goes round: the slot that was taken longest ago comes first', () => {
    expect(rank('round_robin', [used(30), used(10), used(20), unusedSlot])).toEqual([3, 1, 2, 0]);
  });

  it('looks for the instance with the least load', () => {
    // Slots 0 and 2 are of the first instance, 1 and 3 of the second.
    expect(rank('least_loaded', [held(1), unusedSlot, unusedSlot, unusedSlot], { instances: 2 })).toEqual([1, 3, 2]);
  });

  it('looks for the instance that answers fastest, and tries those that have never answered', () => {
    expect(rank('least_response_time', [used(1, 500), used(2, 100), unusedSlot])).toEqual([2, 1, 0]);
  });

  it('draws lots, and decides by lot what is equal', () => {
    const lots = [0.9, 0.1, 0.5];

    expect(rank('random', [used(1), used(2), used(3)], { lots })).toEqual([1, 2, 0]);
    expect(rank('least_loaded', [unusedSlot, unusedSlot, unusedSlot], { lots })).toEqual([1, 2, 0]);
  });
});
