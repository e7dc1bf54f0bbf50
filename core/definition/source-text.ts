import { isCollection, isMap, isScalar, isSeq, type LineCounter, type Node, type Pair, type YAMLMap } from 'yaml';
import type { SourceRange } from '../diagnostics/index.ts';
import type { Path, SourceText } from './definition.ts';

/** Offsets into the text; the end is exclusive. */
interface Span {
  readonly start: number;
  readonly end: number;
}

interface Place {
  readonly key: Node | undefined;
  readonly value: Node | undefined;
}

/** A text as the YAML library has read it. `root` is undefined where the reading broke off. */
export function createSourceText(
  { name, text }: { name: string; text: string },
  lines: LineCounter,
  root: Node | null | undefined,
): SourceText {
  const find = createFinder(root);
  const toRange = (span: Span | undefined): SourceRange | undefined => span && rangeOfSpan(text, lines, span);
  return {
    name,
    text,
    rangeOf: (path, part = 'value') => {
      const place = find(path);
      return place && toRange(part === 'key' ? spanOf(place.key) : shortSpan(text, place));
    },
    rangeWithin: (path, piece) => {
      const value = find(path)?.value;
      const whole = spanOf(value);
      if (!whole || !isScalar(value) || typeof value.value !== 'string') return toRange(whole);
      return toRange(pieceSpan(text.slice(whole.start, whole.end), value.value, piece, whole));
    },
  };
}

export function rangeOfSpan(text: string, lines: LineCounter, { start, end }: Span): SourceRange {
  const from = lines.linePos(start);
  const to = lines.linePos(Math.max(start, Math.min(end, text.length)));
  return {
    line: Math.max(1, from.line),
    column: Math.max(1, from.col),
    endLine: Math.max(1, to.line),
    endColumn: Math.max(1, to.col),
  };
}

function spanOf(node: Node | undefined): Span | undefined {
  return node?.range ? { start: node.range[0], end: node.range[1] } : undefined;
}

/** A value on one line, else the key it belongs to, else its first line. */
function shortSpan(text: string, { key, value }: Place): Span | undefined {
  const span = spanOf(value);
  if (!span) return spanOf(key);
  const firstLine = text.slice(span.start, span.end).trimEnd().split('\n', 2);
  const isShort = firstLine.length === 1 && firstLine[0] !== '';
  if (!isShort && key) return spanOf(key);
  return { start: span.start, end: span.start + (firstLine[0] ?? '').length };
}

/** The value's own offset holds where it is written without escapes; the piece may still stand in it once, literally. */
function pieceSpan(raw: string, value: string, piece: { offset: number; length: number }, whole: Span): Span {
  const wanted = value.slice(piece.offset, piece.offset + piece.length);
  const quote = raw.startsWith('"') || raw.startsWith("'") ? 1 : 0;
  const direct = quote + piece.offset;
  const at = raw.startsWith(wanted, direct) ? direct : raw.indexOf(wanted);
  return at === -1 ? whole : { start: whole.start + at, end: whole.start + at + piece.length };
}

/** Finds by path. Maps are indexed when they are first looked into: the library's own look-up goes through all keys. */
function createFinder(root: Node | null | undefined): (path: Path) => Place | undefined {
  const indexes = new WeakMap<YAMLMap, ReadonlyMap<string, Pair<Node, Node | null>>>();
  const indexOf = (map: YAMLMap): ReadonlyMap<string, Pair<Node, Node | null>> => {
    const known = indexes.get(map);
    if (known) return known;
    // Everything that the composer makes is nodes; the library's types also allow for documents built by hand.
    const pairs = map.items as Pair<Node, Node | null>[];
    const index = new Map(pairs.map((pair) => [keyText(pair.key) ?? '', pair]));
    indexes.set(map, index);
    return index;
  };
  return (path) => {
    let place: Place | undefined = root ? { key: undefined, value: root } : undefined;
    for (const part of path) {
      const within: Node | undefined = place?.value;
      if (isMap(within)) {
        const pair = indexOf(within).get(String(part));
        place = pair && { key: pair.key, value: pair.value ?? undefined };
      } else if (isSeq(within) && typeof part === 'number') {
        const item = within.items[part] as Node | undefined;
        place = item && { key: undefined, value: item };
      } else return undefined;
    }
    return place;
  };
}

/** A key as text: `on`, `1` and `true` are all keys that an author may write. Undefined for a list or a mapping as a key. */
export function keyText(key: Node): string | undefined {
  if (isCollection(key) || !isScalar(key)) return undefined;
  return typeof key.value === 'string' ? key.value : (key.source ?? '');
}
