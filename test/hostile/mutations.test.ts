import { describe, expect, it } from 'vitest';
import { mutantOf } from '../makers/mutations.ts';
import { judgedMutants } from './judged-mutants.ts';
import { mutationSources } from './mutation-sources.ts';

const MUTANTS = Number(process.env['SKEIN_MUTATIONS'] ?? 10_000);

/** Milliseconds of processor time; a usual one takes 5. */
const BOUND = 3_000;

describe('mutants of definitions', () => {
  it(
    `end in findings or in a plan, ${MUTANTS} of them, and twice in the same`,
    async () => {
      const { wrong, summary, death } = await judgedMutants(0, MUTANTS);

      // To keep one: write its text to a file of documents/found.
      expect(wrong).toEqual([]);
      expect(death).toBeUndefined();
      expect(summary).toMatchObject({ mutants: MUTANTS });
      expect(summary?.slowest.cpu).toBeLessThan(BOUND);
    },
    60_000 + MUTANTS * 50,
  );

  it('are as different as they are many, and some of them still right', () => {
    const sources = mutationSources();
    const texts = Array.from({ length: 500 }, (_, seed) => mutantOf(seed, sources).text);

    expect(sources.length).toBeGreaterThan(80);
    expect(new Set(texts).size).toBeGreaterThan(480);
    expect(texts.map((_, seed) => mutantOf(seed, sources).text)).toEqual(texts);
  });
});
