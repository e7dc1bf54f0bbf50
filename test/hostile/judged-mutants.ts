import { runToEnd } from './run-to-end.ts';
import type { Mutant } from '../makers/mutations.ts';

export interface WrongMutant extends Mutant {
  readonly seed: number;
  readonly why: string;
}

export interface MutationSummary {
  readonly mutants: number;
  /** How many judgements, by what they were; each mutant has two. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** Milliseconds of processor time. */
  readonly slowest: { readonly seed: number; readonly cpu: number };
  /** Of all verdicts: the same mutants, the same digest. */
  readonly digest: string;
}

type Line = { readonly begins: number } | WrongMutant | MutationSummary;

/** Judges the mutants of some seeds in one process. */
export async function judgedMutants(
  from: number,
  to: number,
): Promise<{ wrong: readonly WrongMutant[]; summary: MutationSummary | undefined; death?: string }> {
  const { lines, death } = await runToEnd<Line>('mutation-process.ts', [`${from}`, `${to}`]);
  return {
    wrong: lines.filter((line) => 'why' in line),
    summary: lines.find((line) => 'mutants' in line),
    ...(death !== undefined && { death }),
  };
}
