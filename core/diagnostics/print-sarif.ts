import { digestOf, type Json, type JsonObject } from '../json/index.ts';
import { codes, type DiagnosticCode } from './codes.ts';
import type { Diagnostic, RelatedPlace, Severity, SourceRange } from './diagnostic.ts';

/** A text that was read, and what was found in it. */
export interface ExaminedText {
  /** The file's name as the user would type it: relative to where the command was started, or absolute. */
  readonly name: string;
  readonly text: string;
  readonly diagnostics: readonly Diagnostic[];
}

interface SarifOptions {
  /** Of the program that found it. */
  readonly version: string;
}

const levels = { error: 'error', warning: 'warning', advice: 'note' } as const satisfies Record<Severity, string>;

/** Snippets are for reading: a longer one is left out, because a JSON text may be one line of 4 MiB. */
const LONGEST_SNIPPET = 1_000;
/** Lines that are joined to see how long the snippet would be. */
const MOST_SNIPPET_LINES = 100;

/**
 * Findings as a SARIF 2.1.0 log, which editors and code hosts show: the same values as the text printer's, in the same order.
 * @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
export function sarifLog(texts: Iterable<ExaminedText>, { version }: SarifOptions): JsonObject {
  return {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'Skein', version, rules } },
        columnKind: 'utf16CodeUnits',
        results: [...texts].flatMap(resultsOf),
      },
    ],
  };
}

const ruleIds = Object.keys(codes) as DiagnosticCode[];

/** All codes, found or not: a reader of the log learns from it what was looked for. */
const rules: readonly JsonObject[] = ruleIds.map((id) => ({
  id,
  shortDescription: { text: codes[id].title },
  help: { text: codes[id].fix },
  defaultConfiguration: { level: levels[codes[id].severity] },
}));

interface Page {
  readonly uri: string;
  readonly lines: readonly string[];
}

function resultsOf({ name, text, diagnostics }: ExaminedText): JsonObject[] {
  const page: Page = { uri: uriOf(name), lines: text.split(/\r?\n/) };
  const fingerprint = createFingerprints(page);
  return diagnostics.map((finding) => {
    const { code, severity, message, hint, path, range, related = [] } = finding;
    const ruleIndex = ruleIds.findIndex((id) => id === code);
    return {
      ruleId: code,
      ...(ruleIndex >= 0 && { ruleIndex }),
      level: levels[severity],
      // The specification wants braces doubled; those who show a message without arguments print it as it is.
      message: { text: hint === undefined ? message : `${message} Hint: ${hint}` },
      locations: [locationOf(page, path, range)],
      ...(related.length > 0 && { relatedLocations: related.map((place, id) => relatedLocation(page, place, id)) }),
      partialFingerprints: { 'skeinFinding/v1': fingerprint(finding) },
    };
  });
}

function locationOf({ uri, lines }: Page, path: string, range: SourceRange | undefined): JsonObject {
  return {
    physicalLocation: { artifactLocation: { uri }, ...(range && { region: regionOf(lines, range) }) },
    ...(path !== '' && { logicalLocations: [{ fullyQualifiedName: path }] }),
  };
}

function relatedLocation(page: Page, { message, path, range }: RelatedPlace, id: number): JsonObject {
  return { id, message: { text: message }, ...locationOf(page, path, range) };
}

function regionOf(lines: readonly string[], range: SourceRange): JsonObject {
  const { line, column, endLine, endColumn } = range;
  const covered = lines.slice(line - 1, Math.min(endLine, line + MOST_SNIPPET_LINES));
  const last = covered.length - 1;
  const text = covered
    .map((part, index) => part.slice(index === 0 ? column - 1 : 0, index === last ? endColumn - 1 : undefined))
    .join('\n');
  const region = { startLine: line, startColumn: column, endLine, endColumn };
  return text.length > LONGEST_SNIPPET || covered.length > MOST_SNIPPET_LINES
    ? region
    : { ...region, snippet: { text } };
}

/**
 * What a finding is recognised by in the next run: not by its line's number, which moves with every edit above it, but by
 * that line's text, or its path where the whole text may be that line. Equal findings on equal lines are told apart by their order.
 */
function createFingerprints({ uri, lines }: Page): (finding: Diagnostic) => string {
  const seen = new Map<string, number>();
  return ({ code, message, path, range }) => {
    const line = range && lines[range.line - 1];
    const place: Json = line === undefined || line.length > LONGEST_SNIPPET ? path : line.trim();
    const digest = digestOf([uri, code, message, place]);
    const before = seen.get(digest) ?? 0;
    seen.set(digest, before + 1);
    return before === 0 ? digest : `${digest}:${before}`;
  };
}

/** A relative reference as it stands; an absolute path becomes a file URL. */
function uriOf(name: string): string {
  const encoded = name.split('/').map(encodeURIComponent).join('/');
  return encoded.startsWith('/') ? `file://${encoded}` : encoded;
}
