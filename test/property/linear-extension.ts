import type { ObservedTask } from './observed.ts';
import { containerOf, partsOfPlace } from './places.ts';
import type { Task, Workflow } from './reading.ts';
import { edgeValue } from './rules.ts';

type Settled = Pick<ObservedTask, 'path' | 'status'>;

/**
 * Is the order in which entries settled one that the graph allows? An entry settles after each of its dependencies, save one
 * that had no need to wait: it was cancelled by a stop, it ran on enough good news (`any_success`, `quorum`), or one bad
 * dependency decided for it. Even then it comes after as many as it needed. A container settles after its members.
 */
export function checkLinearExtension(workflow: Workflow, order: readonly Settled[]): string[] {
  const tasks = tasksOf(workflow);
  const position = new Map(order.map(({ path }, index) => [path, index]));
  const entries = order.filter(({ status }) => status !== 'cancelled');
  return entries.flatMap((entry) => [
    ...earlyViolations(entry, { task: tasks.get(partsOfPlace(entry.path).id), order, position }),
    ...memberViolations(entry, { order, position }),
  ]);
}

interface Around {
  readonly task: Task | undefined;
  readonly order: readonly Settled[];
  readonly position: ReadonlyMap<string, number>;
}

function earlyViolations({ path, status }: Settled, { task, order, position }: Around): string[] {
  const { prefix, index } = partsOfPlace(path);
  // A call waits for its container alone.
  if (!task || (task.spread?.kind === 'each' && index !== undefined)) return [];
  const own = position.get(path) ?? 0;
  const at = (edge: { readonly task: string }): number => position.get(prefix + edge.task) ?? Infinity;
  const early = task.dependsOn.filter((edge) => at(edge) < own);
  const values = early.map((edge) => edgeValue(edge.on, order[at(edge)]?.status ?? 'unknown'));
  const late = task.dependsOn.filter((edge) => !early.includes(edge)).map((edge) => prefix + edge.task);
  return late.length === 0 || mayBeFirst(task.join, status, values)
    ? []
    : [`${path} settled before ${late.join(', ')}`];
}

function memberViolations(entry: Settled, { order, position }: Omit<Around, 'task'>): string[] {
  const own = position.get(entry.path) ?? 0;
  return order
    .slice(own)
    .filter(({ path }) => containerOf(path) === entry.path)
    .map(({ path }) => `${entry.path} settled before ${path}`);
}

function mayBeFirst(join: Task['join'], status: ObservedTask['status'], early: readonly string[]): boolean {
  const good = early.filter((value) => value === 'ok').length;
  if (join === 'any_success') return good >= 1;
  if (typeof join === 'object') return good >= join.quorum;
  if (join === 'all_done') return false;
  return status === 'upstream_failed' && early.includes('bad');
}

/** Ids are unique in a document, and in random ones also among all of a scenario's. */
function tasksOf({ region }: Workflow): Map<string, Task> {
  const found = new Map<string, Task>();
  const visit = (task: Task): void => {
    found.set(task.id, task);
    const { work } = task;
    if (work.kind === 'group' || work.kind === 'loop') work.region.tasks.forEach(visit);
    if (work.kind === 'child') work.workflow.region.tasks.forEach(visit);
  };
  region.tasks.forEach(visit);
  return found;
}
