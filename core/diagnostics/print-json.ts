import { codes, type DiagnosticCode } from './codes.ts';
import type { Diagnostic } from './diagnostic.ts';

/** A diagnostic as programs read it: with the file and what the code stands for. */
export interface DiagnosticRow extends Diagnostic {
  readonly file: string;
  readonly title: string;
}

/** The rows behind `--json`: the same values as the text printer's, in the same order. */
export function diagnosticRows(diagnostics: Iterable<Diagnostic>, name: string): readonly DiagnosticRow[] {
  return [...diagnostics].map((finding) => ({ file: name, title: titleOf(finding.code), ...finding }));
}

function titleOf(code: string): string {
  return Object.hasOwn(codes, code) ? codes[code as DiagnosticCode].title : code;
}
