import type { CorpusGraph } from './corpus.ts';

export interface Durations {
  readonly kind: 'recorded' | 'lognormal';
  /** Milliseconds, by the author's id. */
  readonly of: ReadonlyMap<string, number>;
}

/** The median of invented durations; ratios do not depend on it. */
const MEDIAN = 60_000;

/** As long as the tasks took in a real run; where nobody recorded one, lognormal with σ = 1, the same in every run. */
export function durationsOf({ id, tasks }: CorpusGraph): Durations {
  const recorded = tasks.every(({ runtimeSeconds }) => runtimeSeconds !== undefined);
  const random = generator(id);
  const milliseconds = tasks.map(({ id: task, runtimeSeconds }): [string, number] => [
    task,
    Math.round(recorded ? (runtimeSeconds ?? 0) * 1_000 : MEDIAN * Math.exp(normal(random))),
  ]);
  return { kind: recorded ? 'recorded' : 'lognormal', of: new Map(milliseconds) };
}

/** A normal deviate by Box and Muller. */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Uniform in [0, 1), seeded by a text: FNV-1a, then Mulberry32. */
function generator(seed: string): () => number {
  let state = 0x811c9dc5;
  for (const character of seed) state = Math.imul(state ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
