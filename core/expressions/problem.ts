/** What is wrong with an expression. The offset counts from the expression's first character. */
export interface ExpressionProblem {
  readonly message: string;
  readonly hint?: string;
  readonly offset: number;
  readonly length: number;
}
