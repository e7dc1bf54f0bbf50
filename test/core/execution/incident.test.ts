import { describe, expect, it } from 'vitest';
import { decideIncident, incidentIdOf, type Incident, type Letter } from '../../../core/execution/index.ts';

const letter: Letter = {
  source: 'timers',
  copy: 'message-1',
  about: 'a timer',
  reason: 'the table is gone',
  body: { inline: { v: 1 } },
};

function arrive(before: Incident | undefined, now: number, changed: Partial<Letter> = {}): Incident {
  const after = decideIncident(before, { kind: 'arrived', letter: { ...letter, ...changed } }, now);
  if (!after) throw new Error('a letter always arrives');
  return after;
}

describe('decideIncident', () => {
  it('opens one with its first letter', () => {
    expect(arrive(undefined, 5)).toEqual({
      id: incidentIdOf(letter),
      source: 'timers',
      copy: 'message-1',
      reason: 'the table is gone',
      body: { inline: { v: 1 } },
      status: 'open',
      firstSeen: 5,
      lastSeen: 5,
      letters: 1,
      acts: [],
    });
  });

  it('counts another letter about the same, and no copy of the last one', () => {
    const first = arrive(undefined, 5);

    expect(arrive(first, 6)).toBe(first);
    expect(arrive(first, 7, { copy: 'message-2', reason: 'again' })).toMatchObject({
      letters: 2,
      firstSeen: 5,
      lastSeen: 7,
      reason: 'again',
    });
  });

  it('is opened again by a letter that comes after it was redriven or closed, and by no copy', () => {
    const redriven = decideIncident(arrive(undefined, 1), { kind: 'redriven', by: 'ann' }, 2);
    const closed = decideIncident(redriven, { kind: 'closed', by: 'ben', why: 'a test' }, 3);

    expect(arrive(closed, 4)).toBe(closed);
    expect(arrive(redriven, 4, { copy: 'message-2' })).toMatchObject({ status: 'open', letters: 2 });
    expect(arrive(closed, 4, { copy: 'message-2' })).toMatchObject({
      status: 'open',
      acts: [
        { did: 'redriven', by: 'ann', at: 2 },
        { did: 'closed', by: 'ben', why: 'a test', at: 3 },
      ],
    });
  });

  it('is redriven once and closed once, and what is closed is not redriven', () => {
    const redriven = decideIncident(arrive(undefined, 1), { kind: 'redriven', by: 'ann' }, 2);
    const closed = decideIncident(redriven, { kind: 'closed', by: 'ann' }, 3);

    expect(decideIncident(redriven, { kind: 'redriven', by: 'ben' }, 9)).toBe(redriven);
    expect(decideIncident(closed, { kind: 'closed', by: 'ben' }, 9)).toBe(closed);
    expect(decideIncident(closed, { kind: 'redriven', by: 'ben' }, 9)).toBeUndefined();
    expect(decideIncident(undefined, { kind: 'closed', by: 'ben' }, 9)).toBeUndefined();
  });

  it('keeps the last acts and the beginning of a long reason', () => {
    let incident = arrive(undefined, 0, { reason: 'x'.repeat(5_000) });
    for (let at = 1; at <= 30; at += 1) {
      const done = decideIncident(incident, { kind: 'redriven', by: 'ann' }, at);
      incident = arrive(done, at, { copy: `message-${at}-again`, reason: 'x'.repeat(5_000) });
    }

    expect(incident.reason).toHaveLength(1_000);
    expect(incident.acts.map(({ at }) => at)).toEqual(Array.from({ length: 20 }, (_, index) => index + 11));
    expect(incident.letters).toBe(31);
  });
});

describe('incidentIdOf', () => {
  it('is the same for letters about the same, and another for each source', () => {
    const ids = [
      letter,
      { ...letter, copy: 'x' },
      { ...letter, source: 'answers' as const },
      { ...letter, about: 'b' },
    ];

    expect(new Set(ids.map(incidentIdOf)).size).toBe(3);
    expect(incidentIdOf(letter)).toMatch(/^inc_[0-9a-f]{26}$/);
  });
});
