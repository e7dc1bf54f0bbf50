import type { Json } from '../json/index.ts';
import { compileExpression, explain } from './compile.ts';
import { toJson } from './json-values.ts';

export type ConstantValue =
  | { readonly kind: 'value'; readonly value: Json }
  /** It fails in every execution. */
  | { readonly kind: 'failure'; readonly why: string };

/**
 * The value of an expression that reads nothing; undefined when it reads something, has problems, or would take more than a moment: a
 * few lines of macros can ask for more work than all other validation together.
 */
export function constantValue(source: string): ConstantValue | undefined {
  const { problems, roots, isCostly, evaluate } = compileExpression(source);
  if (problems.length > 0 || roots.size > 0 || isCostly) return undefined;
  try {
    return { kind: 'value', value: toJson(evaluate({})) };
  } catch (error) {
    return { kind: 'failure', why: explain(error) };
  }
}
