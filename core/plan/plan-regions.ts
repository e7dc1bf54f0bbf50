import type { TaskDocument } from '../definition/index.ts';
import { InvariantError } from '../errors/index.ts';
import type { Gate, PlannedTask, Region } from './plan.ts';
import { mapTasks, planGraph } from './plan-graph.ts';
import { withCheckpoints, type Member } from './planned-checkpoints.ts';
import { plannedTask, type TaskSurroundings } from './planned-task.ts';

type Surroundings = Omit<TaskSurroundings, 'container' | 'regionOf'>;

/**
 * The outermost region, and the tasks of all regions: each region in its order, a container right before its members. The depth of
 * regions within one another is bounded by the depth of documents.
 */
export function planRegions(
  tasks: readonly TaskDocument[],
  around: Surroundings,
): Region & { readonly tasks: readonly PlannedTask[] } {
  const planned: PlannedTask[] = [];
  const region = planRegion(tasks, around, undefined, planned);
  return { tasks: planned, ...region };
}

function planRegion(
  documents: readonly TaskDocument[],
  around: Surroundings,
  container: string | undefined,
  planned: PlannedTask[],
): Region {
  const members = withCheckpoints(documents);
  const graph = planGraph({ count: members.length, edges: edgesOf(members) });
  const id = (index: number): string => members[index]?.task.id ?? unknownTask(index);
  const named = ([from, to]: readonly [number, number]): Gate => ({ from: id(from), to: id(to) });
  for (const index of graph.order) {
    const member = members[index] ?? unknownTask(index);
    const inside: PlannedTask[] = [];
    const regionOf = (tasks: readonly TaskDocument[]) => planRegion(tasks, around, member.task.id, inside);
    planned.push(plannedTask(member, { ...around, ...(container !== undefined && { container }), regionOf }));
    for (const task of inside) planned.push(task);
  }
  return {
    members: graph.order.map(id),
    edges: graph.edges.map(named),
    skeleton: mapTasks(graph.skeleton, id),
    gates: graph.gates.map(named),
    criticalPath: { tasks: graph.criticalPath.map(id), length: graph.criticalPath.length },
  };
}

function edgesOf(members: readonly Member[]): (readonly [number, number])[] {
  const position = new Map(members.map(({ task: { id } }, index) => [id, index]));
  return members.flatMap(({ task: { depends_on: dependencies } }, to) =>
    dependencies.map(({ task }) => [position.get(task) ?? unknownTask(task), to] as const),
  );
}

function unknownTask(task: string | number): never {
  throw new InvariantError({ code: 'unknown_task', message: `The graph names task ${task}, which does not exist.` });
}
