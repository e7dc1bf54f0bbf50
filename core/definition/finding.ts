import {
  diagnostic,
  sortDiagnostics,
  type Diagnostic,
  type DiagnosticCode,
  type Severity,
  type SourceRange,
} from '../diagnostics/index.ts';
import type { Path, SourceText } from './definition.ts';

/** A diagnostic before its place is looked up in the text. */
export interface Finding {
  readonly code: DiagnosticCode;
  /** Instead of the code's own. */
  readonly severity?: Severity;
  readonly message: string;
  readonly path: Path;
  /** `key`: the key is wrong, not its value. */
  readonly part?: 'key' | 'value';
  /** A piece of the text at the path. */
  readonly piece?: { readonly offset: number; readonly length: number };
  /** For what has a place but no path, such as a syntax error. */
  readonly range?: SourceRange;
  readonly hint?: string | undefined;
  readonly related?: readonly { readonly message: string; readonly path: Path }[];
}

/** More of one kind than anybody reads; what they cost to look up and to print must not depend on who wrote the text. */
const MOST_FINDINGS = 200;

/**
 * Places findings in their text and sorts them. Of each stream the first 200 are taken, and no more are asked for: findings and
 * their hints are made while they are taken.
 */
export function placeFindings(source: SourceText, streams: readonly Iterable<Finding>[]): readonly Diagnostic[] {
  const placed = streams.flatMap((stream) => {
    const findings = [...Iterator.from(stream).take(MOST_FINDINGS + 1)];
    const shown = findings.slice(0, MOST_FINDINGS).map((finding) => place(source, finding));
    return findings.length > MOST_FINDINGS ? [...shown, moreThanShown(shown[0]?.code ?? '')] : shown;
  });
  return sortDiagnostics(placed);
}

function moreThanShown(code: string): Diagnostic {
  return diagnostic('DEF199', {
    message: `There are more findings like ${code}; ${MOST_FINDINGS} are shown.`,
    path: '',
  });
}

function place(source: SourceText, finding: Finding): Diagnostic {
  const { code, severity, message, path, hint, related = [] } = finding;
  const range = rangeOf(source, finding);
  return diagnostic(code, {
    ...(severity && { severity }),
    message: clip(message, LONGEST_MESSAGE),
    path: formatPath(path),
    ...(range && { range }),
    ...(hint !== undefined && { hint: clip(hint, LONGEST_MESSAGE) }),
    ...(related.length > 0 && {
      related: related.map((place) => ({ ...place, path: formatPath(place.path), ...rangeAt(source, place.path) })),
    }),
  });
}

function rangeOf(source: SourceText, { range, path, part, piece }: Finding): SourceRange | undefined {
  if (range) return range;
  if (piece) return source.rangeWithin(path, piece);
  return source.rangeOf(path, part) ?? rangeAt(source, path).range;
}

/** The place of the path, or of what is nearest above it: a missing key stands nowhere. */
function rangeAt(source: SourceText, path: Path): { range?: SourceRange } {
  for (let length = path.length; length > 0; length -= 1) {
    const range = source.rangeOf(path.slice(0, length));
    if (range) return { range };
  }
  return {};
}

// Keys and values come from the text, and one of them may be most of it.
const LONGEST_MESSAGE = 4_000;
const LONGEST_KEY = 100;

function clip(text: string, longest: number): string {
  return text.length <= longest ? text : `${text.slice(0, longest)}…`;
}

const PLAIN_KEY = /^[A-Za-z_][\w-]*$/;

/** `workflow.tasks[2].depends_on[0]`. */
export function formatPath(path: Path): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    const key = clip(part, LONGEST_KEY);
    if (!PLAIN_KEY.test(key)) return `${text}[${JSON.stringify(key)}]`;
    return text === '' ? key : `${text}.${key}`;
  }, '');
}
