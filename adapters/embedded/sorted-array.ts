/** Negative: `a` comes first. Zero: the same item. */
export type Compare<T> = (a: T, b: T) => number;

/** Puts the item in its place, over one that compares as the same. */
export function putSorted<T>(items: T[], item: T, compare: Compare<T>): void {
  const at = placeOf(items, item, compare);
  items.splice(at, isAt(items, at, item, compare) ? 1 : 0, item);
}

export function removeSorted<T>(items: T[], item: T, compare: Compare<T>): void {
  const at = placeOf(items, item, compare);
  if (isAt(items, at, item, compare)) items.splice(at, 1);
}

function isAt<T>(items: readonly T[], at: number, item: T, compare: Compare<T>): boolean {
  const found = items[at];
  return found !== undefined && compare(found, item) === 0;
}

/** Index of the first item that does not come before `item`. */
function placeOf<T>(items: readonly T[], item: T, compare: Compare<T>): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const found = items[middle];
    if (found !== undefined && compare(found, item) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
