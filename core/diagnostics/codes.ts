import { adviceCodes } from './advice-codes.ts';
import type { CodeRow } from './code-row.ts';
import type { Diagnostic, Severity } from './diagnostic.ts';
import { limitCodes } from './limit-codes.ts';
import { meaningCodes } from './meaning-codes.ts';
import { shapeCodes } from './shape-codes.ts';

/** Every finding there is. A code that was published keeps its meaning; docs/diagnostics.md is generated from here. */
export const codes = {
  ...shapeCodes,
  ...meaningCodes,
  ...limitCodes,
  ...adviceCodes,
} as const satisfies Record<string, CodeRow>;

export type DiagnosticCode = keyof typeof codes;

/** A diagnostic of a code of the table, with its severity unless another is given. */
export function diagnostic(
  code: DiagnosticCode,
  rest: Omit<Diagnostic, 'code' | 'severity'> & { severity?: Severity },
): Diagnostic {
  return { code, severity: codes[code].severity, ...rest };
}
