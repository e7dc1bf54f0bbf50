import { checkExpression, constantValue, localNames, soleExpression } from '../../expressions/index.ts';
import type { Finding, Path } from '../../definition/index.ts';
import { pathTo } from '../region.ts';
import { forEachTask, type RuleContext } from '../rule.ts';

/** VAL210: a condition is one expression of true or false. */
export const conditions = forEachTask(function* (placed, context) {
  const { when, loop } = placed.task;
  if (when !== undefined) yield* conditionFindings(when, pathTo(placed, 'when'), context);
  if (loop?.until !== undefined) yield* conditionFindings(loop.until, pathTo(placed, 'loop', 'until'), context);
});

function* conditionFindings(text: string, path: Path, { ids }: RuleContext): Generator<Finding> {
  const expression = soleExpression(text);
  if (!expression) {
    yield {
      code: 'VAL210',
      message: 'A condition is one expression and nothing around it.',
      path,
      hint: `write \`${String(path.at(-1))}: \${ … }\``,
    };
    return;
  }
  // Which names are known here is asked elsewhere.
  const { problems, type } = checkExpression(expression.source, { tasks: ids, local: localNames });
  if (!expression.closed || problems.length > 0) return;
  const value = constantValue(expression.source);
  if (type !== 'bool' && type !== 'dyn') {
    const message = `This condition gives a value of type \`${type}\`, not true or false.`;
    yield { code: 'VAL210', message, path, piece: { offset: expression.offset, length: expression.source.length } };
  } else if (value?.kind === 'failure') {
    yield { code: 'VAL208', message: `This condition fails in every execution: ${value.why}.`, path };
  }
}
