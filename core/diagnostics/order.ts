import type { Diagnostic } from './diagnostic.ts';

/** In the order of the text, then by code: the same document always reads the same. Those without a place come first. */
export function sortDiagnostics(diagnostics: Iterable<Diagnostic>): readonly Diagnostic[] {
  return [...diagnostics].sort(
    (a, b) =>
      (a.range?.line ?? 0) - (b.range?.line ?? 0) ||
      (a.range?.column ?? 0) - (b.range?.column ?? 0) ||
      compareText(a.code, b.code) ||
      compareText(a.path, b.path) ||
      compareText(a.message, b.message),
  );
}

/** By code units, not by the machine's language. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
