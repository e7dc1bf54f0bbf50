import { describe, expect, it } from 'vitest';
import { isConfirmed, isStanding, type Sighting } from '../../../core/resilience/index.ts';

const seen: Sighting = { what: 'machine_ended', revision: 3 };
const before = { ...seen, at: 1_000 };
const every = 100;

describe('isConfirmed', () => {
  it.each<[string, number, Partial<Sighting>, boolean]>([
    ['by a look a round later', 1_100, {}, true],
    ['by one that comes early, but not much', 1_050, {}, true],
    ['by none that comes at once', 1_049, {}, false],
    ['by one a few rounds later', 1_400, {}, true],
    ['by none that comes long after', 1_401, {}, false],
    ['by none of what somebody has written since', 1_100, { revision: 4 }, false],
    ['by none that shows something else', 1_100, { what: 'machine_left' }, false],
  ])('is so %s', (_what, now, changed, confirmed) => {
    expect(isConfirmed(before, { ...seen, ...changed }, { every, now })).toBe(confirmed);
  });

  it('is not so of what nobody has seen before', () => {
    expect(isConfirmed(undefined, seen, { every, now: 1_100 })).toBe(false);
  });
});

describe('isStanding', () => {
  it('keeps a young suspicion as old as it is', () => {
    expect(isStanding(before, seen, { every, now: 1_049 })).toBe(true);
    expect(isStanding(before, seen, { every, now: 1_050 })).toBe(false);
    expect(isStanding(undefined, seen, { every, now: 1_049 })).toBe(false);
  });
});
