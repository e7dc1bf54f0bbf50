import { isJsonObject, type Json } from '../../core/json/index.ts';
import { pathsIn, valueAt, withValue, type TreePath } from './json-tree.ts';

/** A document in which one key or item is broken in one way. */
export interface BrokenKey {
  /** `tasks.0.timeout`: below `workflow`. */
  readonly path: string;
  /** What was done to it. */
  readonly how: string;
  readonly document: Json;
}

/** Values of every type, some of them just outside of what is allowed. Where one is right, the verdict says so. */
const replacements: Readonly<Record<string, Json>> = {
  nothing: null,
  truth: true,
  minus: -1,
  zero: 0,
  half: 0.5,
  'far too much': 9_007_199_254_740_991,
  'no text': '',
  text: 'some text',
  expression: '${ nobody }',
  'no list': [],
  list: [7],
  'no mapping': {},
  mapping: { toString: 7 },
};

/** Every key and item below `workflow`: with other values, left out, misspelt, and standing one mapping further out. */
export function* brokenKeys(document: Json): Generator<BrokenKey> {
  for (const path of pathsIn(valueAt(document, ['workflow']) ?? null, ['workflow'])) {
    for (const [how, changed] of waysToBreak(document, path))
      yield { path: path.slice(1).join('.'), how, document: changed };
  }
}

function* waysToBreak(document: Json, path: TreePath): Generator<[how: string, changed: Json]> {
  for (const [how, value] of Object.entries(replacements)) yield [how, withValue(document, path, value)];
  const without = withValue(document, path, undefined);
  yield ['left out', without];
  const key = path.at(-1);
  if (typeof key !== 'string') return;
  const value = valueAt(document, path);
  const around = path.slice(0, -1);
  yield ['misspelt', withValue(without, [...around, `${key}x`], value)];
  yield ['misplaced', withValue(without, [...mappingAround(document, around), key], value)];
}

/** The nearest mapping around the one that the path leads to. */
function mappingAround(document: Json, path: TreePath): TreePath {
  const lengths = path.map((_, length) => length).reverse();
  const length = lengths.find((candidate) => isJsonObject(valueAt(document, path.slice(0, candidate))));
  return path.slice(0, length ?? 0);
}
