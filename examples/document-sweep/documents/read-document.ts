import type { Document, Heading, Link } from './document.ts';

/** Words that stand everywhere and say nothing of a document. */
const common = new Set(
  'about after again also another because before being between both cannot could does each else ever every from have here into its itself just like made makes many more most much must never none nothing only other others over same says should since some such than that their them then there these they this those through under until upon very were what when where whether which while with within without would your'.split(
    ' ',
  ),
);

const SHORTEST_TERM = 5;

/** Markdown → what the checks and the index need of it. Code, fenced or inline, is not read: it has words, headings and links of its own. */
export function readDocument(path: string, text: string): Document {
  const lines = withoutCode(text.split(/\r?\n/));
  const words = lines.flatMap((line) => withoutTargets(line).match(/\p{L}[\p{L}\p{N}'’-]*/gu) ?? []);
  return {
    path,
    words: words.length,
    headings: lines.flatMap((line, index) => headingOf(line, index + 1) ?? []),
    links: lines.flatMap((line, index) => linksOf(line, index + 1)),
    terms: countTerms(words),
  };
}

/** Lines keep their numbers: those of code are empty. */
function withoutCode(lines: readonly string[]): readonly string[] {
  let fence: string | undefined;
  return lines.map((line) => {
    const mark = /^\s*(```+|~~~+)/.exec(line)?.[1];
    if (mark !== undefined && (fence === undefined || mark.startsWith(fence))) {
      fence = fence === undefined ? mark : undefined;
      return '';
    }
    return fence === undefined ? line.replace(/`[^`]*`/g, '') : '';
  });
}

/** Where a link leads is not what a page says. */
function withoutTargets(line: string): string {
  return line.replace(/\]\([^)]*\)/g, ']');
}

function headingOf(line: string, number: number): Heading | undefined {
  const match = /^(#{1,6})\s+(.*?)\s*#*$/.exec(line);
  return match ? { level: match[1]?.length ?? 1, text: match[2] ?? '', line: number } : undefined;
}

function linksOf(line: string, number: number): readonly Link[] {
  return [...line.matchAll(/\]\(\s*<?([^)\s>]+)>?[^)]*\)/g)].map(([, target = '']) => ({ target, line: number }));
}

function countTerms(words: readonly string[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const word of words) {
    const term = word.toLowerCase();
    if (term.length >= SHORTEST_TERM && !common.has(term)) counts.set(term, (counts.get(term) ?? 0) + 1);
  }
  return Object.fromEntries(counts);
}
