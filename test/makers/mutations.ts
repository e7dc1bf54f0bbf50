import { parse, stringify } from 'yaml';
import { isJsonObject, type Json } from '../../core/json/index.ts';
import { pathsIn, valueAt, withValue, type TreePath } from './json-tree.ts';
import { createSeededIds } from '../../adapters/embedded/index.ts';

/** A text to begin with. */
export interface MutationSource {
  readonly name: string;
  readonly text: string;
}

export interface Mutant {
  readonly text: string;
  /** The source, and what was done to it, in order. */
  readonly story: string;
}

/** Signs and words that mean something to YAML, JSON, CEL, JSONata, JavaScript or a terminal. */
const tokens: readonly string[] = [
  ...['&a ', '*a ', '!!str ', '<<: ', '---\n', '...\n', '%YAML 1.2\n', '|\n', '>-\n', '- ', ': ', '? ', ', ', '#'],
  ...['[', ']', '{', '}', '"', "'", '\\', '\\u0000', '\t', '\r\n', '\u0085', '\u2028', '\ufeff', '\0', '\u001b[2J'],
  ...['${', '$${', '}', '{%', '%}', '${ }', '${ tasks["__proto__"].output }', '${ item + loop.previous.x }'],
  ...['${ [1].map(x, [2].map(y, x + y)) }', '${ input.x.matches("(a+)+$") }', '{% $states.context.Task.Token %}'],
  ...[
    '__proto__',
    'constructor',
    'toString',
    'null',
    '~',
    'true',
    'on',
    '.inf',
    '.nan',
    '1e999',
    '-0',
    '0x1f',
    '1_000',
  ],
  ...['9007199254740993', '0o17', '1:30', '2026-11-21', '\u202e', '\ud800', '\u0301', '😀', 'Ａ', 'tasks', 'workflow:'],
];

const values: readonly Json[] = [
  ...[null, true, false, 0, -1, 0.5, 41, 10_001, 9_007_199_254_740_991, '', 'x', '5%', '1h', '${ input.x }', '$${ x }'],
  ...[[], {}, [[]], [null], { toString: 1 }, { $ref: '#' }, { task: 'a', on: 'done' }, ['a', 'a'], 'y'.repeat(5_000)],
];

interface Making {
  readonly choose: (options: number) => number;
  readonly pick: <Item>(items: readonly Item[]) => Item;
  readonly sources: readonly MutationSource[];
}

/** The same seed and sources, the same mutant. */
export function mutantOf(seed: number, sources: readonly MutationSource[]): Mutant {
  const ids = createSeededIds(seed);
  const choose = (options: number): number => Math.floor(ids.random() * options);
  const making: Making = { choose, pick: (items) => items[choose(items.length)]!, sources };
  const source = making.pick(sources);
  const tree = choose(4) === 0 ? undefined : treeOf(source.text);
  const story = [source.name];
  let text = source.text;
  if (tree !== undefined) {
    let changed = tree;
    for (let left = 1 + choose(2); left > 0; left -= 1) {
      const [name, change] = making.pick(treeChanges);
      changed = change(changed, making);
      story.push(name);
    }
    text = choose(3) === 0 ? stringify(changed) : JSON.stringify(changed, null, choose(2));
  }
  for (let left = tree === undefined ? 1 + choose(2) : choose(4) - 2; left > 0; left -= 1) {
    const [name, change] = making.pick(textChanges);
    text = change(text, making);
    story.push(name);
  }
  return { text, story: story.join(', ') };
}

const trees = new Map<string, Json | undefined>();

/** Undefined for a text that is itself wrong: it is only changed as text. */
function treeOf(text: string): Json | undefined {
  if (!trees.has(text)) trees.set(text, parsed(text));
  return trees.get(text);
}

function parsed(text: string): Json | undefined {
  try {
    return parse(text, { maxAliasCount: 0, logLevel: 'silent' }) as Json;
  } catch {
    return undefined;
  }
}

type TreeChange = (tree: Json, making: Making) => Json;

/** Those that keep the shape stand several times: only what has the right shape is validated, planned and lowered. */
const treeChanges: readonly (readonly [string, TreeChange])[] = [
  ...Array.from({ length: 4 }, () => ['transplanted', transplanted] as const),
  ...Array.from({ length: 3 }, () => ['reworded', reworded] as const),
  ...Array.from({ length: 2 }, () => ['reordered', reordered] as const),
  ['deleted', (tree, making) => withValue(tree, placeIn(tree, making), undefined)],
  ['replaced', (tree, making) => withValue(tree, placeIn(tree, making), making.pick(values))],
  ['replaced', (tree, making) => withValue(tree, placeIn(tree, making), making.pick(tokens))],
  ['spliced', (tree, making) => withValue(tree, placeIn(tree, making), partOfAnother(making))],
  ['retyped', (tree, making) => changedAt(tree, making, (value) => retyped(value, making))],
  ['deepened', (tree, making) => changedAt(tree, making, (value) => deepened(value, 1 + making.choose(70)))],
  ['multiplied', (tree, making) => changedAt(tree, making, (value) => multiplied(value, 2 + making.choose(40)))],
  ['swapped', swapped],
  ['renamed', renamed],
  ['added', added],
];

function placeIn(tree: Json, { pick }: Making): TreePath {
  const paths = [...pathsIn(tree)];
  return paths.length === 0 ? [] : pick(paths);
}

/** What another document says under the same key. */
function transplanted(tree: Json, making: Making): Json {
  const path = placeIn(tree, making);
  const key = path.findLast((part) => typeof part === 'string');
  const donor = treeOf(making.pick(making.sources).text) ?? null;
  const places = [...pathsIn(donor)].filter((place) => place.at(-1) === key);
  const at = path.slice(0, path.lastIndexOf(key ?? '') + 1);
  return places.length === 0 ? tree : withValue(tree, at, valueAt(donor, making.pick(places)));
}

/** A text becomes another text of the same document: ids, names and expressions change places. */
function reworded(tree: Json, making: Making): Json {
  const texts = [...pathsIn(tree)].filter((path) => typeof valueAt(tree, path) === 'string');
  return texts.length === 0 ? tree : withValue(tree, making.pick(texts), valueAt(tree, making.pick(texts)));
}

/** A list with one of its items elsewhere, once more, or not at all. */
function reordered(tree: Json, making: Making): Json {
  const lists = [...pathsIn(tree)].filter((path) => Array.isArray(valueAt(tree, path)));
  if (lists.length === 0) return tree;
  const path = making.pick(lists);
  const items = valueAt(tree, path) as readonly Json[];
  const [from, to] = [making.choose(items.length), making.choose(items.length + 1)];
  const others = making.choose(2) === 0 ? items : items.toSpliced(from, 1);
  const moved = making.choose(3) === 0 ? [] : items.slice(from, from + 1);
  return withValue(tree, path, others.toSpliced(to, 0, ...moved));
}

function changedAt(tree: Json, making: Making, change: (value: Json) => Json): Json {
  const path = placeIn(tree, making);
  return withValue(tree, path, change(valueAt(tree, path) ?? null));
}

function partOfAnother(making: Making): Json {
  const tree = treeOf(making.pick(making.sources).text) ?? null;
  return valueAt(tree, placeIn(tree, making)) ?? null;
}

function retyped(value: Json, { choose }: Making): Json {
  switch (choose(4)) {
    case 0:
      return [value];
    case 1:
      return { value };
    case 2:
      return JSON.stringify(value);
    default:
      return typeof value === 'string' ? value.length : Object.keys(value ?? {});
  }
}

function deepened(value: Json, levels: number): Json {
  let deep = value;
  for (let level = 0; level < levels; level += 1) deep = level % 2 === 0 ? [deep] : { tasks: deep };
  return deep;
}

function multiplied(value: Json, times: number): Json {
  if (typeof value === 'string') return value.repeat(times);
  const copies = Array.from({ length: times });
  if (Array.isArray(value)) return copies.flatMap(() => value as readonly Json[]);
  if (!isJsonObject(value)) return copies.map(() => value);
  return Object.fromEntries(
    copies.flatMap((_, n) => Object.entries(value).map(([key, member]) => [`${key}${n}`, member])),
  );
}

function swapped(tree: Json, making: Making): Json {
  const [one, other] = [placeIn(tree, making), placeIn(tree, making)];
  const [first, second] = [valueAt(tree, one) ?? null, valueAt(tree, other) ?? null];
  const changed = withValue(tree, one, second);
  // One may have been inside of the other, and its place is gone.
  return valueAt(changed, other) === undefined ? changed : withValue(changed, other, first);
}

function renamed(tree: Json, making: Making): Json {
  const path = placeIn(tree, making);
  const value = valueAt(tree, path) ?? null;
  const without = path.length === 0 ? tree : withValue(tree, path, undefined);
  const owner = path.slice(0, -1);
  return isJsonObject(valueAt(without, owner)) ? withValue(without, [...owner, keyFor(making)], value) : tree;
}

function added(tree: Json, making: Making): Json {
  const owner = placeIn(tree, making);
  const value = making.choose(2) === 0 ? partOfAnother(making) : making.pick(values);
  return isJsonObject(valueAt(tree, owner)) ? withValue(tree, [...owner, keyFor(making)], value) : tree;
}

/** A key of some document, or a word that is none. */
function keyFor(making: Making): string {
  const path = placeIn(treeOf(making.pick(making.sources).text) ?? null, making);
  const key = path.findLast((part) => typeof part === 'string');
  return making.choose(3) === 0 || key === undefined ? making.pick(tokens) : key;
}

type TextChange = (text: string, making: Making) => string;

const textChanges: readonly (readonly [string, TextChange])[] = [
  ['cut off', (text, { choose }) => text.slice(0, choose(text.length + 1))],
  ['cut out', (text, making) => replaced(text, making, () => '')],
  ['repeated', (text, making) => replaced(text, making, (span) => span + span)],
  ['inserted', (text, making) => inserted(text, making, making.pick(tokens))],
  ['inserted', (text, making) => inserted(text, making, making.pick(tokens).repeat(2 + making.choose(80)))],
  ['inserted', (text, making) => inserted(text, making, spanOf(making.pick(making.sources).text, making))],
  ['flipped', (text, making) => flipped(text, making)],
  ['indented', (text, making) => withLine(text, making, (line) => ' '.repeat(making.choose(9)) + line.trimStart())],
  ['twice a line', (text, making) => withLine(text, making, (line) => `${line}\n${line}`)],
  ['without a line', (text, making) => withLine(text, making, () => '')],
  ['other line ends', (text, { pick }) => text.replaceAll('\n', pick(['\r\n', '\r', '\n\n', '\u2028']))],
];

function spanOf(text: string, { choose }: Making): string {
  const start = choose(text.length + 1);
  return text.slice(start, start + choose(200));
}

function replaced(text: string, { choose }: Making, change: (span: string) => string): string {
  const start = choose(text.length + 1);
  const end = start + choose(60);
  return text.slice(0, start) + change(text.slice(start, end)) + text.slice(end);
}

function inserted(text: string, { choose }: Making, part: string): string {
  const at = choose(text.length + 1);
  return text.slice(0, at) + part + text.slice(at);
}

function flipped(text: string, { choose }: Making): string {
  const at = choose(text.length);
  const code = (text.charCodeAt(at) || 0) ^ (1 << choose(16));
  return text.slice(0, at) + String.fromCharCode(code) + text.slice(at + 1);
}

function withLine(text: string, { choose }: Making, change: (line: string) => string): string {
  const lines = text.split('\n');
  const at = choose(lines.length);
  return lines.map((line, index) => (index === at ? change(line) : line)).join('\n');
}
