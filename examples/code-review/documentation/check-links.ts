import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path/posix';
import type { Finding } from '../findings/index.ts';
import type { Inventory, SourceFile } from '../repository/index.ts';
import { findAnchors, findLinks, type MarkdownLink } from './markdown-text.ts';

const explanation = 'Readers who follow the link find nothing. Correct the path, or remove the link.';

/** Relative links whose file or heading does not exist. Links to the web are not followed: that would depend on the day. */
export function checkLinks(inventory: Inventory, file: SourceFile, text: string): Finding[] {
  return findLinks(text).flatMap((link) => {
    const message = whatIsBroken(inventory, file, link);
    if (message === undefined) return [];
    return [{ rule: 'broken-link', severity: 'low', path: file.path, line: link.line, message, explanation }];
  });
}

function whatIsBroken(inventory: Inventory, file: SourceFile, { target }: MarkdownLink): string | undefined {
  const isElsewhere = /^[a-z][a-z0-9+.-]*:|^\/\//i.test(target);
  // Templates of site generators (`{{ url }}`) become links only later.
  if (target === '' || isElsewhere || /[{}$]/.test(target)) return undefined;
  const [path = '', anchor = ''] = target
    .replace(/\?[^#]*/, '')
    .split('#', 2)
    .map(decode);
  const place =
    path === '' ? file.path : normalize(path.startsWith('/') ? path.slice(1) : join(dirname(file.path), path));
  // Above the root is the hosting site's own space: `../../issues` works on GitHub.
  if (place.startsWith('..')) return undefined;
  const found = findTarget(inventory.root, place);
  if (found === undefined) return `The link to \`${target}\` leads nowhere.`;
  const isThere = anchor === '' || anchor === 'top' || hasAnchor(inventory, found, anchor);
  return isThere ? undefined : `The link to \`${target}\` names a heading that ${found} does not have.`;
}

/** Only Markdown's headings are known; of other files every anchor is taken for good. */
function hasAnchor(inventory: Inventory, path: string, anchor: string): boolean {
  if (!inventory.files.some((file) => file.path === path && file.language === 'Markdown')) return true;
  const anchors = findAnchors(readFileSync(join(inventory.root, path), 'utf8'));
  return [...anchors].some((known) => lettersOf(known) === lettersOf(anchor));
}

/** Sites differ in how they write spaces, marks and emoji into an anchor; the letters they keep. */
function lettersOf(anchor: string): string {
  return anchor.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}

/** Site generators let the extension be left out. */
function findTarget(root: string, place: string): string | undefined {
  const candidates = [place, `${place}.md`, `${place}.mdx`, `${place}.html`, place.replace(/\.html$/, '.md')];
  return candidates.find((candidate) => existsSync(join(root, candidate)));
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
