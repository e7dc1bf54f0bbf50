export interface MarkdownLink {
  readonly target: string;
  /** Counted from 1. */
  readonly line: number;
}

/** Longer lines are data that somebody pasted, and patterns with gaps take the square of their length. */
const maxLine = 2_000;

/** The lines with code and comments blanked out, so that nothing in them is taken for a link or a heading. */
export function proseLines(text: string): string[] {
  const withoutComments = blankComments(text);
  const isProse = createProseTest();
  return withoutComments
    .split('\n')
    .map((line) =>
      isProse(line) && line.length <= maxLine
        ? line.replace(/(`+)(?!`)[^]*?[^`]\1(?!`)/g, (code) => ' '.repeat(code.length))
        : '',
    );
}

/** By hand: a pattern for it would start over at each of a million `<!--` that nobody closes. */
function blankComments(text: string): string {
  const parts: string[] = [];
  let at = 0;
  for (let start = text.indexOf('<!--'); start !== -1; start = text.indexOf('<!--', at)) {
    const end = text.indexOf('-->', start);
    if (end === -1) break;
    parts.push(text.slice(at, start), text.slice(start, end + 3).replace(/[^\n]/g, ' '));
    at = end + 3;
  }
  return parts.join('') + text.slice(at);
}

const listItem = /^\s*(?:[-*+]|\d+[.)])\s/;

/** Tells, line by line, what is neither fenced nor indented code. */
function createProseTest(): (line: string) => boolean {
  let fence: string | undefined;
  let inList = false;
  let mayIndent = true;
  return (line) => {
    const mark = /^\s*(?:>\s*|[-*+]\s+|\d+[.)]\s+)*(`{3,}(?=[^`]*$)|~{3,})/.exec(line)?.[1];
    if (fence !== undefined) {
      if (mark?.startsWith(fence) && line.replace(/^[>\s]+/, '').trim() === mark) fence = undefined;
      return false;
    }
    fence = mark;
    if (mark !== undefined) return false;
    const isBlank = line.trim() === '';
    // Within a list, indented text is part of the item; after a paragraph's line it goes on with the paragraph.
    const isCode = !isBlank && mayIndent && !inList && /^( {4}|\t)/.test(line);
    if (!isBlank && !/^( {2}|\t)/.test(line)) inList = listItem.test(line);
    mayIndent = isBlank || isCode;
    return !isCode;
  };
}

/** Inline links, images, reference definitions, and links written as HTML. */
export function findLinks(text: string): MarkdownLink[] {
  const inline = /\]\(\s*(?:<([^>]*)>|((?:[^\s()]|\([^\s()]*\))+))(?:\s+(?:"[^"]*"|'[^']*'|\([^)]*\)))?\s*\)/g;
  const definition = /^\s{0,3}\[(?!\^)[^\]]+\]:\s*(?:<([^>]*)>|(\S+))(?:\s+["'(].*)?\s*$/g;
  const html = /<(?:a|img)\b[^>]*?\b(?:href|src)\s*=\s*(?:"([^"]*)"|'([^']*)')/gi;
  return proseLines(text).flatMap((line, index) =>
    [inline, definition, html].flatMap((pattern) =>
      [...line.matchAll(pattern)].map((match) => ({ target: match[1] ?? match[2] ?? '', line: index + 1 })),
    ),
  );
}

/** The anchors that GitHub makes of the headings, and those written as HTML. */
export function findAnchors(text: string): Set<string> {
  const written = new Set<string>();
  const slugs = new Map<string, number>();
  const lines = proseLinesWithCode(text);
  for (const [index, line] of lines.entries()) {
    for (const match of line.matchAll(/<[a-z][^>]*?\b(?:id|name)\s*=\s*["']([^"']+)["']/gi))
      written.add(match[1] ?? '');
    const underlined = /^\s{0,3}(=+|-+)\s*$/.test(lines[index + 1] ?? '') && line.trim() !== '';
    const heading = /^\s{0,3}#{1,6}\s+(.*)$/.exec(line)?.[1] ?? (underlined ? line : undefined);
    if (heading !== undefined) addSlug(slugs, slugOf(heading.trim().replace(/\s#+$/, '')));
  }
  return new Set([...slugs.keys(), ...written]);
}

/** Like proseLines, with inline code kept: it is part of a heading's anchor. */
function proseLinesWithCode(text: string): string[] {
  const prose = proseLines(text);
  return text.split('\n').map((line, index) => (prose[index] === '' ? '' : line));
}

function slugOf(heading: string): string {
  const plain = heading
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/<[^>]+>/g, '')
    .replace(/[*`]/g, '');
  return plain
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}\p{Pc} -]/gu, '')
    .replaceAll(' ', '-');
}

/** The second of its kind ends in `-1`. Each slug remembers how often it came, or a long list of them would take its square. */
function addSlug(slugs: Map<string, number>, slug: string): void {
  let anchor = slug;
  while (slugs.has(anchor)) {
    const times = (slugs.get(slug) ?? 0) + 1;
    slugs.set(slug, times);
    anchor = `${slug}-${times}`;
  }
  slugs.set(anchor, 0);
}
