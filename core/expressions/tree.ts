import { isJsonObject, type Json } from '../json/index.ts';
import { compileExpression } from './compile.ts';
import type { LocalName } from './scope.ts';
import { parseTemplate } from './template.ts';

/** An expression inside a tree of JSON. */
export interface EmbeddedExpression {
  /** Of the text that holds it, from the tree's root. */
  readonly path: readonly (string | number)[];
  readonly source: string;
  /** Of the source within that text. */
  readonly offset: number;
  /** False when its closing brace is missing. */
  readonly closed: boolean;
}

/** Every `${ … }` in the strings of a tree, in document order. Keys hold none. */
export function expressionsIn(tree: Json): readonly EmbeddedExpression[] {
  const found: EmbeddedExpression[] = [];
  collect(tree, [], found);
  return found;
}

/** Whether an expression of a tree reads this name. */
export function readsName(tree: Json, name: LocalName): boolean {
  return expressionsIn(tree).some(({ source }) => compileExpression(source).roots.has(name));
}

/** Ids of the tasks that the expressions of a tree name, each once. */
export function referencedTasks(tree: Json): readonly string[] {
  const expressions = expressionsIn(tree);
  return [
    ...new Set(expressions.flatMap(({ source }) => compileExpression(source).references.map(({ task }) => task))),
  ];
}

function collect(tree: Json, path: readonly (string | number)[], found: EmbeddedExpression[]): void {
  if (typeof tree === 'string') {
    if (!tree.includes('${')) return;
    for (const part of parseTemplate(tree)) {
      if (part.kind === 'expression')
        found.push({ path, source: part.source, offset: part.offset, closed: part.closed });
    }
  } else if (Array.isArray(tree)) {
    tree.forEach((item: Json, index) => collect(item, [...path, index], found));
  } else if (isJsonObject(tree)) {
    for (const [key, member] of Object.entries(tree)) collect(member, [...path, key], found);
  }
}
