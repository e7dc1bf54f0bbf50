// CEL: parse, check, evaluate; the only room that knows it.
// Takes: expression sources and trees with `${ … }`, a Scope. Gives: JSON, problems with offsets. Never: a clock, a side effect.
export { checkExpression, problemsInScope, type ExpressionCheck, type NamesInScope } from './check-expression.ts';
export { constantValue, type ConstantValue } from './constant-value.ts';
export { evaluateCondition, evaluateTree } from './evaluate.ts';
export { ExpressionError } from './expression-error.ts';
export type { Reading, TaskReference } from './names.ts';
export type { ExpressionProblem } from './problem.ts';
export type { LocalName, Scope } from './scope.ts';
export { soleExpression } from './template.ts';
export { timeOf } from './time.ts';
export { expressionsIn, readsName, referencedTasks, type EmbeddedExpression } from './tree.ts';
