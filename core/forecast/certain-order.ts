import type { Dependency, PlannedTask } from '../plan/index.ts';
import type { Edge } from './heaviest-antichain.ts';

/**
 * The dependencies of which it is certain, whatever fails, that the producer and all certain producers before it have settled when the
 * consumer runs. Others say less than they seem to: a quorum lets a task run beside what it depends on, and a task that
 * fails at once for a failed producer has settled while its other producers still run.
 *
 * `members` in a topological order.
 */
export function certainEdges(members: readonly PlannedTask[]): Edge[] {
  const position = new Map(members.map(({ id }, index) => [id, index]));
  /** Whether, however the task has settled, everything certain before it has settled too. */
  const settlesLast: boolean[] = [];
  const edges: Edge[] = [];
  members.forEach((task, to) => {
    const before = waitsForAll(task) ? task.dependsOn : [];
    const certain = before.flatMap((dependency) => {
      const from = position.get(dependency.task);
      if (from === undefined || !(provesThatItRan(task, dependency) || settlesLast[from])) return [];
      return [from];
    });
    for (const from of certain) edges.push([from, to]);
    settlesLast.push(!(mayFailAtOnce(task) && before.length > 1) && certain.every((from) => settlesLast[from]));
  });
  return edges;
}

function waitsForAll({ join, dependsOn }: PlannedTask): boolean {
  switch (join) {
    case 'all_success':
    case 'none_failed':
    case 'all_done':
      return true;
    case 'any_success':
      return dependsOn.length === 1;
    default:
      return join.quorum >= dependsOn.length;
  }
}

/** That the consumer runs, or is skipped, shows that the producer has run, or was skipped itself after everything before it. */
function provesThatItRan({ join }: PlannedTask, { on }: Dependency): boolean {
  return join !== 'all_done' && on === 'success';
}

/** One failed producer decides; the others may still run. */
function mayFailAtOnce({ join }: PlannedTask): boolean {
  return join === 'all_success' || join === 'none_failed';
}
