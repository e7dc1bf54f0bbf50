import { didYouMean } from '../../diagnostics/index.ts';
import { describeTask, isBefore, pathTo, producerAt, sideBySide, type PlacedTask } from '../region.ts';
import { forEachTask } from '../rule.ts';

/** VAL202: a dependency names a task. */
export const knownDependencies = forEachTask(function* (placed, context) {
  const { task, region } = placed;
  for (const [place, { task: id }] of task.depends_on.entries()) {
    if (producerAt(placed, place) ?? context.find(id)) continue;
    const near =
      didYouMean(
        id,
        region.tasks.map(({ task: other }) => other.id),
      ) ?? didYouMean(id, context.ids);
    yield {
      code: 'VAL202',
      message: `\`${task.id}\` depends on \`${id}\`, and there is no such task.`,
      path: pathTo(placed, 'depends_on', place),
      hint: near === undefined ? undefined : `did you mean \`${near}\`?`,
    };
  }
});

/** VAL220: a dependency stays in its region. Across one, the containers depend on one another. */
export const dependenciesInRegion = forEachTask(function* (placed, { find }) {
  for (const [place, { task: id }] of placed.task.depends_on.entries()) {
    if (producerAt(placed, place)) continue;
    const other = find(id);
    if (other) yield { code: 'VAL220', path: pathTo(placed, 'depends_on', place), ...acrossRegions(placed, other) };
  }
});

function acrossRegions(placed: PlacedTask, other: PlacedTask): { message: string; hint: string } {
  const [here, there] = sideBySide(placed, other);
  const [id, otherId] = [placed.task.id, other.task.id];
  if (here === other) {
    const message = `\`${id}\` depends on ${describeTask(other)}, which it is inside of: neither could ever end.`;
    return { message, hint: 'remove it: the members of a group or a loop start when that has started' };
  }
  if (there === placed) {
    const message = `\`${id}\` depends on \`${otherId}\`, which is inside of it: neither could ever start.`;
    return { message, hint: 'remove it: a group or a loop has ended when its members have' };
  }
  const message =
    there === other
      ? `\`${id}\` depends on \`${otherId}\`, which is outside of ${describeTask(here)}.`
      : `\`${id}\` depends on \`${otherId}\`, which is inside of ${describeTask(there)}.`;
  return { message, hint: detour(placed, here, there) };
}

/** What to write instead, where the two sides stand in one region. */
function detour(placed: PlacedTask, here: PlacedTask, there: PlacedTask): string {
  if (isBefore(there, here) === true)
    return `remove it: ${describeTask(here)} already waits for ${describeTask(there)}`;
  if (here === placed) return `depend on ${describeTask(there)}`;
  return `let ${describeTask(here)} depend on ${describeTask(there)}`;
}

/** VAL204: no task waits for itself. */
export const noSelfDependency = forEachTask(function* (placed) {
  const { task } = placed;
  for (const [place, { task: id }] of task.depends_on.entries()) {
    if (id !== task.id) continue;
    const path = pathTo(placed, 'depends_on', place);
    yield { code: 'VAL204', message: `\`${id}\` depends on itself, so it can never start.`, path };
  }
});

/** VAL205: one edge between two tasks. */
export const noDuplicateDependency = forEachTask(function* (placed) {
  const { task } = placed;
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
      path: pathTo(placed, 'depends_on', place),
      related: [{ message: 'the first time', path: pathTo(placed, 'depends_on', first) }],
    };
  }
});

/** VAL211: a quorum can be reached. */
export const reachableQuorum = forEachTask(function* (placed) {
  const { task } = placed;
  const quorum = typeof task.join === 'object' ? task.join.quorum : 0;
  const available = task.depends_on.length;
  if (quorum <= available) return;
  yield {
    code: 'VAL211',
    message: `A quorum of ${quorum} cannot be reached by ${available} ${available === 1 ? 'dependency' : 'dependencies'}.`,
    path: pathTo(placed, 'join', 'quorum'),
  };
});
