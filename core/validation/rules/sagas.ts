import type { Finding } from '../../definition/index.ts';
import { outwards, pathTo } from '../region.ts';
import { forEachTask, type RuleContext } from '../rule.ts';

/** VAL232: what belongs to a saga stands in a workflow that has one. */
export function* sagaIsThere({ workflow, tasks }: RuleContext): Generator<Finding> {
  const saga = workflow.fault_tolerance?.saga_pattern;
  const isOn = saga !== undefined && saga.compensation_enabled !== false;
  for (const placed of tasks) {
    const { id, compensate, compensate_on_failure, pivot } = placed.task;
    if (compensate_on_failure === true && !compensate) {
      const message = `\`${id}\` is to be compensated when it failed, and says nothing that would undo it.`;
      const path = pathTo(placed, 'compensate_on_failure');
      yield { code: 'VAL232', message, path, part: 'key', hint: 'write `compensate: { agent: … }`' };
    }
    if (isOn) continue;
    const key = compensate ? 'compensate' : pivot === true ? 'pivot' : undefined;
    if (key === undefined) continue;
    yield {
      code: 'VAL232',
      message: `\`${id}\` has \`${key}\`, and the workflow has no saga that would act on it.`,
      path: pathTo(placed, key),
      part: 'key',
      hint: 'write `saga_pattern: { compensation_enabled: true }` under `fault_tolerance`',
    };
  }
}

/** VAL243: what is past a pivot is never undone, and a saga has to know that from one settled task. */
export const pivotsAreDoneOnce = forEachTask(function* (placed) {
  const { id, pivot } = placed.task;
  const isInLoop = outwards(placed).some(({ region }) => region.kind === 'loop');
  if (pivot !== true || !isInLoop) return;
  const message = `\`${id}\` is done once in each iteration: inside of a loop there is no pivot.`;
  yield { code: 'VAL243', message, path: pathTo(placed, 'pivot'), part: 'key' };
});
