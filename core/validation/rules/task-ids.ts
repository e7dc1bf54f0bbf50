import type { Finding } from '../../definition/index.ts';
import { pathTo } from '../region.ts';
import type { RuleContext } from '../rule.ts';

/** VAL201: ids are unique, in all regions together: events, views and expressions know a task by its id. */
export function* uniqueTaskIds({ tasks, find }: RuleContext): Generator<Finding> {
  for (const placed of tasks) {
    const { id } = placed.task;
    const first = find(id) ?? placed;
    if (first === placed) continue;
    yield {
      code: 'VAL201',
      message: `Another task is already called \`${id}\`.`,
      path: pathTo(placed, 'id'),
      related: [{ message: 'the first one', path: pathTo(first, 'id') }],
    };
  }
}
