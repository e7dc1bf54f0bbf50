// CEL: parse, check, evaluate; the only room that knows it.
// Takes: expression sources and trees with `${ … }`, a Scope. Gives: JSON, problems with offsets. Never: a clock, a side effect.
export { checkExpression, type ExpressionCheck, type NamesInScope } from './check-expression.ts';
export { evaluateCondition, evaluateTree } from './evaluate.ts';
export { ExpressionError } from './expression-error.ts';
export type { TaskReference } from './names.ts';
export type { ExpressionProblem } from './problem.ts';
export type { LocalName, Scope } from './scope.ts';
export { soleExpression } from './template.ts';
export { expressionsIn, referencedTasks, type EmbeddedExpression } from './tree.ts';
