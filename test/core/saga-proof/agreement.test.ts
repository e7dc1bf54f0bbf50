import fc from 'fast-check';
import '../../property-seed.ts';
import { describe, expect, it } from 'vitest';
import { proofOf } from '../../makers/prove.ts';
import { playOut } from './play-out.ts';
import { definitionOf, smallSaga, type SmallSaga } from './small-saga.ts';

const SAGAS = 500;

/** Definitions that validation refuses are none. */
function proofOfSmall(saga: SmallSaga): ReturnType<typeof proofOf> {
  try {
    return proofOf(definitionOf(saga));
  } catch {
    return undefined;
  }
}

describe('the proof of a saga', () => {
  it(`agrees with playing out every failure and every cancel of ${SAGAS} small sagas`, () => {
    const verdicts = { proved: 0, gaps: 0 };
    const sagas = fc.sample(smallSaga, 4 * SAGAS).flatMap((saga) => {
      const proof = proofOfSmall(saga);
      return proof ? [{ saga, proof }] : [];
    });
    for (const { saga, proof } of sagas.slice(0, SAGAS)) {
      const flaws = [...playOut(saga)];
      verdicts[proof.verdict] += 1;
      expect({
        saga,
        verdict: proof.verdict,
        flaws,
        gaps: proof.gaps.map(({ kind, message }) => `${kind}: ${message}`),
      }).toMatchObject({
        verdict: flaws.length === 0 ? 'proved' : 'gaps',
      });
    }

    expect(verdicts.proved + verdicts.gaps).toBe(SAGAS);
    expect(Math.min(verdicts.proved, verdicts.gaps)).toBeGreaterThan(SAGAS / 5);
  }, 120_000);
});
