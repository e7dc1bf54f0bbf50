import type { Finding, Path } from '../../definition/index.ts';
import { checkExpression, evaluateCondition, soleExpression, type Scope } from '../../expressions/index.ts';
import { forEachTask, taskPath } from '../rule.ts';

/** VAL210 and VAL215: a condition is one expression of true or false, and can be true. */
export const conditions = forEachTask(function* (task, index, { taskIds }) {
  if (task.when === undefined) return;
  const path = taskPath(index, 'when');
  const expression = soleExpression(task.when);
  if (!expression) {
    yield {
      code: 'VAL210',
      message: 'A condition is one expression and nothing around it.',
      path,
      hint: 'write `when: ${ … }`',
    };
    return;
  }
  const { problems, type, constant } = checkExpression(expression.source, {
    tasks: taskIds,
    local: task.parallel === true ? ['index'] : [],
  });
  if (!expression.closed || problems.length > 0) return;
  if (type !== 'bool' && type !== 'dyn') {
    const message = `This condition gives a value of type \`${type}\`, not true or false.`;
    yield { code: 'VAL210', message, path, piece: { offset: expression.offset, length: expression.source.length } };
  } else if (constant) yield* constantFindings(task.id, expression.source, path);
});

/** A constant reads nothing of it. */
const nothing: Scope = {
  input: null,
  tasks: {},
  execution: { id: '', name: '', started_at: '' },
  workflow: { name: '', version: '' },
};

function* constantFindings(id: string, source: string, path: Path): Generator<Finding> {
  try {
    if (evaluateCondition(source, nothing)) return;
    yield { code: 'VAL215', message: `\`${id}\` can never run: its condition is always false.`, path };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    yield { code: 'VAL208', message: `This condition fails in every execution: ${why}.`, path };
  }
}
