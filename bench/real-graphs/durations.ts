import { createChance, seedOf } from '../../core/chance/index.ts';
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
  const random = createChance(seedOf(id));
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
