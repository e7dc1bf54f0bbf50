import { didYouMean } from '../../diagnostics/index.ts';
import { forEachTask, taskPath } from '../rule.ts';

/** VAL202: a dependency names a task. */
export const knownDependencies = forEachTask(function* (task, index, { taskIds }) {
  for (const [place, { task: id }] of task.depends_on.entries()) {
    if (taskIds.has(id)) continue;
    const near = didYouMean(id, taskIds);
    yield {
      code: 'VAL202',
      message: `\`${task.id}\` depends on \`${id}\`, and there is no such task.`,
      path: taskPath(index, 'depends_on', place),
      hint: near === undefined ? undefined : `did you mean \`${near}\`?`,
    };
  }
});

/** VAL204: no task waits for itself. */
export const noSelfDependency = forEachTask(function* (task, index) {
  for (const [place, { task: id }] of task.depends_on.entries()) {
    if (id !== task.id) continue;
    const path = taskPath(index, 'depends_on', place);
    yield { code: 'VAL204', message: `\`${id}\` depends on itself, so it can never start.`, path };
  }
});

/** VAL205: one edge between two tasks. */
export const noDuplicateDependency = forEachTask(function* (task, index) {
  const places = new Map<string, number>();
  for (const [place, { task: id }] of task.depends_on.entries()) {
    const first = places.get(id);
    if (first === undefined) {
      places.set(id, place);
      continue;
    }
    yield {
      code: 'VAL205',
      message: `\`${task.id}\` depends on \`${id}\` twice.`,
      path: taskPath(index, 'depends_on', place),
      related: [{ message: 'the first time', path: taskPath(index, 'depends_on', first) }],
    };
  }
});

/** VAL211: a quorum can be reached. */
export const reachableQuorum = forEachTask(function* (task, index) {
  const quorum = typeof task.join === 'object' ? task.join.quorum : 0;
  const available = task.depends_on.length;
  if (quorum <= available) return;
  yield {
    code: 'VAL211',
    message: `A quorum of ${quorum} cannot be reached by ${available} ${available === 1 ? 'dependency' : 'dependencies'}.`,
    path: taskPath(index, 'join', 'quorum'),
  };
});
