import { soleExpression } from '../../expressions/index.ts';
import type { Finding, Path } from '../../definition/index.ts';
import { constantOf } from '../constant-condition.ts';
import { typesOfText } from '../expression-types.ts';
import { pathTo, type Region } from '../region.ts';
import { forEachTask, type RuleContext } from '../rule.ts';
import { describeTypes } from '../schema-parts.ts';

/** VAL210: a condition is one expression of true or false. */
export const conditions = forEachTask(function* (placed, context) {
  const { when, loop } = placed.task;
  const { until } = loop ?? {};
  if (when !== undefined) yield* conditionFindings(when, pathTo(placed, 'when'), placed.region, context);
  if (until === undefined) return;
  for (const body of placed.inner) yield* conditionFindings(until, pathTo(placed, 'loop', 'until'), body, context);
});

function* conditionFindings(text: string, path: Path, within: Region, context: RuleContext): Generator<Finding> {
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
  const { problems, type } = context.check(expression.source);
  if (!expression.closed || problems.length > 0) return;
  const value = constantOf(expression.source, context);
  const piece = { offset: expression.offset, length: expression.source.length };
  const types = typesOfText(text, { region: within }, context);
  if (type !== 'bool' && type !== 'dyn') {
    const message = `This condition gives a value of type \`${type}\`, not true or false.`;
    yield { code: 'VAL210', message, path, piece };
  } else if (types && !types.includes('boolean')) {
    const message = `By its schema, this condition is ${describeTypes(types)}, not true or false.`;
    yield { code: 'VAL210', message, path, piece };
  } else if (value?.kind === 'failure') {
    yield { code: 'VAL208', message: `This condition fails in every execution: ${value.why}.`, path };
  }
}
