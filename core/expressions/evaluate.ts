import { isJsonObject, type Json } from '../json/index.ts';
import { compileExpression, explain } from './compile.ts';
import { ExpressionError } from './expression-error.ts';
import { toCel, toJson } from './json-values.ts';
import { hiddenName } from './reserved-names.ts';
import type { Scope } from './scope.ts';
import { parseTemplate, soleExpression } from './template.ts';

type Context = Record<string, unknown>;

/**
 * The tree with its expressions replaced by their values: a string that is one expression becomes the value itself, inside longer
 * text the value is rendered (strings as they are, others as JSON). Throws ExpressionError.
 */
export function evaluateTree(tree: Json, scope: Scope): Json {
  return render(tree, contextOf(scope));
}

/** A condition's CEL source, without `${ }`. Throws ExpressionError, also when the value is no boolean. */
export function evaluateCondition(source: string, scope: Scope): boolean {
  const value = evaluate(source, contextOf(scope));
  if (typeof value !== 'boolean')
    throw new ExpressionError(source, `a condition is true or false, not ${JSON.stringify(value)}`);
  return value;
}

/** The values are prepared when an expression reads them first: most trees read one or two. */
function contextOf(scope: Scope): Context {
  const prepared = new Map<keyof Scope, unknown>();
  const context: Context = {};
  for (const root of Object.keys(scope) as (keyof Scope)[]) {
    Object.defineProperty(context, hiddenName(root), {
      get: () => {
        if (!prepared.has(root)) prepared.set(root, toCel(scope[root] ?? null));
        return prepared.get(root);
      },
    });
  }
  return context;
}

function evaluate(source: string, context: Context): Json {
  const compiled = compileExpression(source);
  const [problem] = compiled.problems;
  if (problem) throw new ExpressionError(source, problem.message);
  try {
    return toJson(compiled.evaluate(context));
  } catch (error) {
    throw new ExpressionError(source, explain(error), error);
  }
}

function render(tree: Json, context: Context): Json {
  if (typeof tree === 'string') return tree.includes('${') ? renderText(tree, context) : tree;
  if (Array.isArray(tree)) return tree.map((item: Json) => render(item, context));
  if (!isJsonObject(tree)) return tree;
  return Object.fromEntries(Object.entries(tree).map(([key, member]) => [key, render(member, context)]));
}

function renderText(text: string, context: Context): Json {
  const sole = soleExpression(text);
  if (sole?.closed) return evaluate(sole.source, context);
  const pieces = parseTemplate(text).map((part) => {
    if (part.kind === 'literal') return part.text;
    if (!part.closed) throw new ExpressionError(part.source, 'its closing brace is missing');
    const value = evaluate(part.source, context);
    return typeof value === 'string' ? value : JSON.stringify(value);
  });
  return pieces.join('');
}
