import { describe, expect, it } from 'vitest';
import { createSecret, createSystemIds } from '../../../adapters/embedded/index.ts';
import { createSimulatedClock } from '../../makers/simulated-clock.ts';

describe('createSystemIds', () => {
  it('begins an id with its time, as ULIDs do', () => {
    const ids = createSystemIds({ clock: createSimulatedClock(1_469_918_176_385) });

    // The example of the ULID specification (github.com/ulid/spec).
    expect(ids.executionId()).toMatch(/^exec_01ARYZ6S41/);
  });

  it('sorts ids of later milliseconds behind those of earlier ones', () => {
    const clock = createSimulatedClock();
    const ids = createSystemIds({ clock });

    const made = Array.from({ length: 2_000 }, (_, index) => {
      if (index % 3 === 0) clock.advanceBy(0.4);
      return ids.executionId();
    });

    expect(made.toSorted()).toEqual(made);
    expect(new Set(made.map((id) => id.slice(0, 15))).size).toBeGreaterThan(200);
  });

  it('keeps sorting when the clock is set back', () => {
    const clock = { time: 1_000_000, now: () => clock.time };
    const ids = createSystemIds({ clock });
    const before = Array.from({ length: 50 }, () => ids.executionId());

    clock.time = 0;
    const after = Array.from({ length: 50 }, () => ids.executionId());

    const made = [...before, ...after];
    expect(made.toSorted()).toEqual(made);
    expect(new Set(made).size).toBe(100);
  });

  it('makes ids of other processes at the same time unlike its own', () => {
    const clock = createSimulatedClock();

    const made = Array.from({ length: 1_000 }, () => createSystemIds({ clock }).executionId());

    expect(new Set(made).size).toBe(1_000);
  });
});

describe('createSecret', () => {
  it('makes 256 bits that fit into a header or a URL, never the same', () => {
    const made = Array.from({ length: 1_000 }, createSecret);

    for (const secret of made) expect(secret).toMatch(/^[\w-]{43}$/);
    expect(new Set(made).size).toBe(made.length);
  });
});
