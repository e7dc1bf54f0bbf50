import type { Diagnostic, SourceRange } from './diagnostic.ts';

/** What a piece of the report is, so that the caller may colour it. */
export type PrintedPart = 'error' | 'warning' | 'advice' | 'place' | 'source' | 'caret' | 'hint';
export type Paint = (part: PrintedPart, text: string) => string;

interface Printout {
  /** The file's name, for `file:line:column`. */
  readonly name: string;
  readonly text: string;
  readonly paint?: Paint;
}

const plain: Paint = (_part, text) => text;

/** Wider lines are shown around their caret: a JSON text is often one line. */
const WIDEST_LINE = 120;
const MOST_RELATED = 10;

/** Findings as people read them, each with its source line and a caret, an empty line between two. */
export function printDiagnostics(diagnostics: Iterable<Diagnostic>, { name, text, paint = plain }: Printout): string {
  const page: Page = { name, lines: text.split(/\r?\n/), paint };
  return [...diagnostics].map((finding) => `${printOne(finding, page).join('\n')}\n`).join('\n');
}

/** `2 errors, 1 warning, 3 pieces of advice`; empty when there is nothing. */
export function countDiagnostics(diagnostics: Iterable<Diagnostic>): string {
  const found = [...diagnostics];
  const count = (severity: string): number => found.filter((finding) => finding.severity === severity).length;
  const [errors, warnings, advice] = [count('error'), count('warning'), count('advice')];
  return [
    errors === 1 ? '1 error' : `${errors} errors`,
    warnings === 1 ? '1 warning' : `${warnings} warnings`,
    advice === 1 ? '1 piece of advice' : `${advice} pieces of advice`,
  ]
    .filter((part) => !part.startsWith('0 '))
    .join(', ');
}

interface Page {
  readonly name: string;
  readonly lines: readonly string[];
  readonly paint: Paint;
}

function printOne(finding: Diagnostic, page: Page): string[] {
  const { code, severity, message, path, range, hint, related = [] } = finding;
  const more = related.length > MOST_RELATED ? [`  and ${related.length - MOST_RELATED} more places`] : [];
  return [
    `${page.paint(severity, `${severity} ${code}`)} ${printable(message)}`,
    ...placeLines(page, range, path === '' ? '' : ` (${printable(path)})`),
    ...(hint === undefined ? [] : [`  ${page.paint('hint', `hint: ${printable(hint)}`)}`]),
    ...related
      .slice(0, MOST_RELATED)
      .flatMap((place) => [`  ${printable(place.message)}:`, ...placeLines(page, place.range, '')]),
    ...more,
  ];
}

function placeLines({ name, lines, paint }: Page, range: SourceRange | undefined, suffix: string): string[] {
  if (!range) return [`  ${paint('place', printable(name))}${suffix}`];
  const line = lines[range.line - 1] ?? '';
  const end = range.endLine === range.line ? range.endColumn : line.length + 1;
  const { shown, start } = clip(line, range.column - 1);
  const length = Math.max(1, Math.min(end - range.column, shown.length - start));
  const gutter = String(range.line);
  return [
    `  ${paint('place', `${printable(name)}:${range.line}:${range.column}`)}${suffix}`,
    `  ${gutter} | ${paint('source', printable(shown))}`,
    `  ${' '.repeat(gutter.length)} | ${' '.repeat(start)}${paint('caret', '^'.repeat(length))}`,
  ];
}

/** The part of a line around a position, and where the position stands in it. */
function clip(line: string, position: number): { shown: string; start: number } {
  if (line.length <= WIDEST_LINE) return { shown: line, start: position };
  const from = Math.max(0, Math.min(position - WIDEST_LINE / 2, line.length - WIDEST_LINE));
  const shown = line.slice(from, from + WIDEST_LINE);
  return {
    shown: `${from > 0 ? '…' : ''}${shown}${from + WIDEST_LINE < line.length ? '…' : ''}`,
    start: position - from + (from > 0 ? 1 : 0),
  };
}

/** A text that somebody else wrote must not move the cursor or colour the screen; one character stays one. */
function printable(text: string): string {
  return text
    .replace(/\t/g, ' ')
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, '\ufffd');
}
