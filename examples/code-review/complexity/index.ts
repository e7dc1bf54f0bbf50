// Functions that are hard to follow.
// Takes: the inventory. Gives: an analysis, the worst ten among it. Never: looks at tests.
export { measureFunctions, type FunctionMeasure } from './measure-functions.ts';
export { reviewComplexity } from './review-complexity.ts';
