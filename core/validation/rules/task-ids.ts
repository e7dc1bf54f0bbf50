import type { Finding } from '../../definition/index.ts';
import { taskPath, type RuleContext } from '../rule.ts';

/** VAL201: ids are unique. */
export function* uniqueTaskIds({ workflow, graph }: RuleContext): Generator<Finding> {
  for (const [index, { id }] of workflow.tasks.entries()) {
    const first = graph.positionOf(id) ?? index;
    if (first === index) continue;
    yield {
      code: 'VAL201',
      message: `Another task is already called \`${id}\`.`,
      path: taskPath(index, 'id'),
      related: [{ message: 'the first one', path: taskPath(first, 'id') }],
    };
  }
}
