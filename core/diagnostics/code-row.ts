import type { Severity } from './diagnostic.ts';

/** What a code stands for. */
export interface CodeRow {
  readonly severity: Severity;
  /** What is wrong, as a heading. */
  readonly title: string;
  /** What to do about it, one or two sentences. */
  readonly fix: string;
}
