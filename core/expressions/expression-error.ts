import { EngineError } from '../errors/index.ts';

/** An expression that could not be evaluated. The engine settles the task as `InvalidInput`. */
export class ExpressionError extends EngineError {
  override readonly name = 'ExpressionError';

  constructor(expression: string, why: string, cause?: unknown) {
    super({
      code: 'expression_failed',
      message: `\`${expression.trim()}\`: ${why}`,
      details: { expression },
      ...(cause === undefined ? {} : { cause }),
    });
  }
}
