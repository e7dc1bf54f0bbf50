import type { Json } from './json.ts';

/** In JSON, a quote begins or ends a string unless it is a part of an escape. */
const ESCAPE_OR_QUOTE = /\\.|"/g;
const COLON_NEXT = /\s*:/y;

/**
 * What the text says. Throws SyntaxError where it is no JSON, as JSON.parse does.
 *
 * JSON.parse itself gives `{"a":1,"\n":2}` the key `\` once the process has seen an object with the keys `a` and `\`: V8 compares
 * a key it expects with the text before it decodes it (nodejs/node#63785, Node 24 and 26). So keys that are written with an
 * escape, and seldom is one, go past it under names without.
 */
export function parseJson(text: string): Json {
  const value = JSON.parse(text) as Json;
  if (!text.includes('\\')) return value;
  const keys = escapedKeys(text);
  return keys.length === 0 ? value : parseRenamed(text, keys);
}

/** Places in the text; `end` is behind the closing quote. */
interface Key {
  readonly start: number;
  readonly end: number;
}

function escapedKeys(text: string): Key[] {
  const keys: Key[] = [];
  let start: number | undefined;
  let isEscaped = false;
  for (const { 0: token, index } of text.matchAll(ESCAPE_OR_QUOTE)) {
    if (token !== '"') isEscaped = true;
    else if (start === undefined) start = index;
    else {
      const end = index + 1;
      if (isEscaped && isBeforeColon(text, end)) keys.push({ start, end });
      start = undefined;
      isEscaped = false;
    }
  }
  return keys;
}

function isBeforeColon(text: string, end: number): boolean {
  COLON_NEXT.lastIndex = end;
  return COLON_NEXT.test(text);
}

function parseRenamed(text: string, keys: readonly Key[]): Json {
  let mark = '#';
  while (text.includes(mark)) mark += '#';
  const names = new Map<string, string>();
  let renamed = '';
  let copied = 0;
  for (const { start, end } of keys) {
    const name = `${mark}${names.size}`;
    names.set(name, JSON.parse(text.slice(start, end)) as string);
    renamed += `${text.slice(copied, start)}"${name}"`;
    copied = end;
  }
  return JSON.parse(renamed + text.slice(copied), (_key, value: Json) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [names.get(key) ?? key, member]));
  }) as Json;
}
