// Findings on a definition, as values.
// Takes: nothing. Gives: Diagnostic, its code table and its printers. Never: throws one.
export { codes, diagnostic, type DiagnosticCode } from './codes.ts';
export type { Diagnostic, RelatedPlace, Severity, SourceRange } from './diagnostic.ts';
export { didYouMean } from './did-you-mean.ts';
export { sortDiagnostics } from './order.ts';
export { diagnosticRows, type DiagnosticRow } from './print-json.ts';
export { sarifLog, type ExaminedText } from './print-sarif.ts';
export { countDiagnostics, printDiagnostics, type Paint, type PrintedPart } from './print-text.ts';
