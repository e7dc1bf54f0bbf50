import { digestOfText } from '../../core/json/index.ts';

/** What the language takes as a task's id. */
const LONGEST = 63;
const SUFFIX_LENGTH = 6;

/**
 * An id of the language for every id of an author, so alike that the author knows it again. Which name an id gets depends on
 * the set of ids alone, not on their order; no two get the same.
 */
export function legalNames(ids: Iterable<string>): Map<string, string> {
  const distinct = [...new Set(ids)];
  const wishes = Map.groupBy(distinct, wishOf);
  // Who has a wish alone and can have it comes first, so that no suffix takes a name that is somebody's own.
  const names = new Map<string, string>();
  for (const id of distinct) {
    const wish = wishOf(id);
    if (wishes.get(wish)?.length === 1 && wish.length <= LONGEST) names.set(id, wish);
  }
  const taken = new Set(names.values());
  for (const id of distinct.toSorted()) {
    if (names.has(id)) continue;
    const name = suffixed(id, taken);
    taken.add(name);
    names.set(id, name);
  }
  return names;
}

/** Letters without their accents, and one dash for each run of anything else. */
function wishOf(id: string): string {
  const plain = id
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^a-zA-Z0-9_-]+/g, '-')
    .replace(/^[-_]+|-+$/g, '');
  if (plain === '') return 'task';
  return /^[a-zA-Z]/.test(plain) ? plain : `task-${plain}`;
}

function suffixed(id: string, taken: ReadonlySet<string>): string {
  const start = wishOf(id).slice(0, LONGEST - SUFFIX_LENGTH - 1);
  for (let attempt = 0; ; attempt += 1) {
    const name = `${start}-${digestOfText(`${attempt} ${id}`).slice(0, SUFFIX_LENGTH)}`;
    if (!taken.has(name)) return name;
  }
}
