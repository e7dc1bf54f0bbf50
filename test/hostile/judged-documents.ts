import type { Verdict } from '../makers/verdict.ts';
import type { Suite } from './hostile-documents.ts';
import { runToEnd } from './run-to-end.ts';

export interface JudgedDocument extends Pick<Verdict, 'codes'> {
  readonly name: string;
  readonly outcome: Verdict['outcome'] | 'thrown';
  /** What was thrown, and where. */
  readonly thrown?: string;
  readonly bytes: number;
  /** Milliseconds: until the text was a definition, and for all that came after. */
  readonly read: number;
  readonly rest: number;
  /** Milliseconds of processor time for both: what it costs on a machine that others use as well. */
  readonly cpu: number;
}

/** Judges a suite's documents in one process. `death` names the document that ended it, and how. */
export async function judgedDocuments(suite: Suite): Promise<{ judged: readonly JudgedDocument[]; death?: string }> {
  const { lines, ...rest } = await runToEnd<{ readonly begins: string } | JudgedDocument>('judge-process.ts', [suite]);
  return { judged: lines, ...rest };
}
