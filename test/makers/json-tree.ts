import { isJsonObject, type Json } from '../../core/json/index.ts';

/** From the root of a tree. */
export type TreePath = readonly (string | number)[];

/** The way to every value below the root, each before those within it. */
export function* pathsIn(value: Json, path: TreePath = []): Generator<TreePath> {
  for (const [key, member] of membersOf(value)) {
    yield [...path, key];
    yield* pathsIn(member, [...path, key]);
  }
}

function membersOf(value: Json): Iterable<readonly [string | number, Json]> {
  if (Array.isArray(value)) return (value as readonly Json[]).entries();
  return isJsonObject(value) ? Object.entries(value) : [];
}

export function valueAt(root: Json, path: TreePath): Json | undefined {
  return path.reduce<Json | undefined>((value, part) => {
    if (Array.isArray(value)) return (value as readonly Json[])[Number(part)];
    return isJsonObject(value) ? value[part] : undefined;
  }, root);
}

/** A copy of the tree with another value there; undefined: without the key or item. The way to it must exist. */
export function withValue(root: Json, path: TreePath, value: Json | undefined): Json {
  const [part, ...rest] = path;
  if (part === undefined) return value ?? null;
  const isLast = rest.length === 0;
  if (Array.isArray(root)) {
    const items = root as readonly Json[];
    const at = Number(part);
    const changed = isLast ? value : withValue(items[at] ?? null, rest, value);
    return [...items.slice(0, at), ...(changed === undefined ? [] : [changed]), ...items.slice(at + 1)];
  }
  const members = isJsonObject(root) ? Object.entries(root) : [];
  const key = String(part);
  const old = members.find(([name]) => name === key)?.[1];
  const changed = isLast ? value : withValue(old ?? {}, rest, value);
  const others = members.map(([name, member]): [string, Json] => [
    name,
    name === key && changed !== undefined ? changed : member,
  ]);
  const kept = changed === undefined ? others.filter(([name]) => name !== key) : others;
  return Object.fromEntries(old === undefined && changed !== undefined ? [...kept, [key, changed]] : kept);
}
