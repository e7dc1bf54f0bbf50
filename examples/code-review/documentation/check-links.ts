import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path/posix';
import type { Finding } from '../findings/index.ts';
import type { Inventory, SourceFile } from '../repository/index.ts';
import { findAnchors, findLinks } from './markdown-text.ts';

const explanation = 'Readers who follow the link find nothing. Correct the path, or remove the link.';

export type LinkCheck = (file: SourceFile, text: string) => Finding[];

/** Relative links whose file or heading does not exist. Links to the web are not followed: that would depend on the day. */
export function createLinkCheck(inventory: Inventory): LinkCheck {
  const anchorsOf = createAnchorIndex(inventory);
  return (file, text) =>
    findLinks(text).flatMap(({ target, line }) => {
      const message = whatIsBroken(inventory.root, { from: file.path, target }, anchorsOf);
      return message === undefined
        ? []
        : [{ rule: 'broken-link', severity: 'low', path: file.path, line, message, explanation }];
    });
}

function whatIsBroken(
  root: string,
  { from, target }: { from: string; target: string },
  anchorsOf: AnchorIndex,
): string | undefined {
  const isElsewhere = /^[a-z][a-z0-9+.-]*:|^\/\//i.test(target);
  // Templates of site generators (`{{ url }}`) become links only later.
  if (target === '' || isElsewhere || /[{}$]/.test(target)) return undefined;
  const [path = '', anchor = ''] = target
    .replace(/\?[^#]*/, '')
    .split('#', 2)
    .map(decode);
  const place = path === '' ? from : normalize(path.startsWith('/') ? path.slice(1) : join(dirname(from), path));
  // Above the root is the hosting site's own space: `../../issues` works on GitHub.
  if (place.startsWith('..')) return undefined;
  const found = findTarget(root, place);
  if (found === undefined) return `The link to \`${target}\` leads nowhere.`;
  const isThere = anchor === '' || anchor === 'top' || (anchorsOf(found)?.has(lettersOf(anchor)) ?? true);
  return isThere ? undefined : `The link to \`${target}\` names a heading that ${found} does not have.`;
}

/** The anchors of a file by their letters; undefined where only a browser could tell. */
type AnchorIndex = (path: string) => ReadonlySet<string> | undefined;

function createAnchorIndex(inventory: Inventory): AnchorIndex {
  const known = new Map<string, ReadonlySet<string>>();
  const readable = new Set(inventory.files.filter((file) => file.language === 'Markdown').map((file) => file.path));
  return (path) => {
    if (!readable.has(path)) return undefined;
    const anchors =
      known.get(path) ?? new Set([...findAnchors(readFileSync(join(inventory.root, path), 'utf8'))].map(lettersOf));
    known.set(path, anchors);
    return anchors;
  };
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
