import { pathTo } from '../region.ts';
import { forEachTask } from '../rule.ts';

const kinds = ['agent', 'requires', 'wait', 'workflow', 'emit', 'loop', 'group'] as const;

/** VAL217: a task does one thing. */
export const oneKind = forEachTask(function* (placed) {
  const { task } = placed;
  const [first, second] = kinds.filter((kind) => task[kind] !== undefined);
  if (first === undefined) {
    yield {
      code: 'VAL217',
      message: `The task \`${task.id}\` says nothing that it does.`,
      path: placed.path,
      hint: 'name its `agent`',
    };
  } else if (second !== undefined) {
    yield {
      code: 'VAL217',
      message: `The task \`${task.id}\` has \`${first}\` and \`${second}\`: it can do one of them.`,
      path: pathTo(placed, second),
      part: 'key',
      related: [{ message: 'the other one', path: pathTo(placed, first) }],
    };
  }
});
