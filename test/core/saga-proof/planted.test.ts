import { describe, expect, it } from 'vitest';
import { proofOf } from '../../makers/prove.ts';
import { plantedGaps } from './planted-gaps.ts';
import { soundSagas } from './sound-sagas.ts';

function proofWith({
  saga,
  keys,
  tasks,
}: {
  saga?: object;
  keys?: object;
  tasks: readonly object[];
}): ReturnType<typeof proofOf> {
  return proofOf({ tasks, fault_tolerance: { saga_pattern: { compensation_enabled: true, ...saga }, ...keys } });
}

describe('a planted gap is found and named', () => {
  it.each(plantedGaps)('$title', ({ kind, task, place, ...rest }) => {
    const proof = proofWith(rest);

    expect(proof?.verdict).toBe('gaps');
    const found = proof?.gaps.map((gap) => ({ kind: gap.kind, task: gap.task, place: gap.path.slice(1).join('.') }));
    expect(found).toContainEqual({ kind, task, place });
  });

  it('there are twenty of them, of every kind but the one that only size makes', () => {
    expect(plantedGaps.length).toBeGreaterThanOrEqual(20);
    expect(new Set(plantedGaps.map(({ kind }) => kind)).size).toBe(12);
  });
});

describe('a sound saga is accepted', () => {
  it.each(soundSagas)('$title', (saga) => {
    expect(proofWith(saga)).toMatchObject({ verdict: 'proved', gaps: [] });
  });

  it('there are twenty of them', () => {
    expect(soundSagas.length).toBeGreaterThanOrEqual(20);
  });
});
