import type { Counts } from '../findings/index.ts';

/** What a finding costs. One high finding weighs as much as ten low ones; `info` is for reading, not for judging. */
export const penalties = { high: 10, medium: 3, low: 1, info: 0 } as const;

/** Penalty points for each 1,000 lines of code at which half of the score is gone. */
export const halfScoreAt = 20;

export interface Grade {
  /** 0 to 100. */
  readonly score: number;
  readonly letter: 'A' | 'B' | 'C' | 'D' | 'E';
  readonly penalty: number;
}

/**
 * score = 100 / (1 + points per 1,000 lines / 20), where points = 10 high + 3 medium + 1 low, and less than 1,000
 * lines count as 1,000. A from 90, B from 80, C from 65, D from 50, else E; with a high finding nothing is better than C.
 */
export function gradeOf(counts: Counts, lines: number): Grade {
  const penalty = counts.high * penalties.high + counts.medium * penalties.medium + counts.low * penalties.low;
  const density = penalty / Math.max(lines / 1_000, 1);
  const score = Math.round(100 / (1 + density / halfScoreAt));
  const letter = score >= 90 ? 'A' : score >= 80 ? 'B' : score >= 65 ? 'C' : score >= 50 ? 'D' : 'E';
  return { score, letter: counts.high > 0 && letter < 'C' ? 'C' : letter, penalty };
}
