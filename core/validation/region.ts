import type { Path, TaskDocument, WorkflowDocument } from '../definition/index.ts';
import { createTaskGraph, type TaskGraph } from './task-graph.ts';

/** One list of tasks: the workflow's, a group's, or a loop's body. Dependencies stay within it. */
export interface Region {
  readonly kind: 'workflow' | 'group' | 'loop';
  /** The group or loop around it; the outermost region has none. */
  readonly container?: PlacedTask;
  readonly tasks: readonly PlacedTask[];
  readonly graph: TaskGraph;
}

/** A task, and where it stands. */
export interface PlacedTask {
  readonly task: TaskDocument;
  /** From the document's root. */
  readonly path: Path;
  readonly region: Region;
  /** In its region. */
  readonly position: number;
  /** Of a group or a loop. A task that is wrongly both has two. */
  readonly inner: readonly Region[];
}

export interface Regions {
  /** A region stands before those inside of it. */
  readonly regions: readonly Region[];
  /** Of all regions, in the order of the document. */
  readonly tasks: readonly PlacedTask[];
  readonly ids: ReadonlySet<string>;
  /** The first task of the id, looked for in this region, then in the whole document. */
  readonly find: (id: string, within?: Region) => PlacedTask | undefined;
}

export function createRegions({ tasks: outermost }: WorkflowDocument): Regions {
  const regions: Region[] = [];
  const tasks: PlacedTask[] = [];
  // Recursive: documents are 64 levels deep at most, and a region takes three of them.
  const create = (frame: Omit<Region, 'tasks' | 'graph'>, documents: readonly TaskDocument[], path: Path): Region => {
    const members: PlacedTask[] = [];
    const region: Region = { ...frame, tasks: members, graph: createTaskGraph(documents) };
    regions.push(region);
    for (const [position, task] of documents.entries()) {
      const inner: Region[] = [];
      const placed: PlacedTask = { task, path: [...path, position], region, position, inner };
      members.push(placed);
      tasks.push(placed);
      for (const kind of ['loop', 'group'] as const) {
        const body = task[kind]?.tasks;
        if (body) inner.push(create({ kind, container: placed }, body, pathTo(placed, kind, 'tasks')));
      }
    }
    return region;
  };
  create({ kind: 'workflow' }, outermost, ['workflow', 'tasks']);
  const byId = new Map<string, PlacedTask>();
  for (const placed of tasks) if (!byId.has(placed.task.id)) byId.set(placed.task.id, placed);
  const find = (id: string, within?: Region): PlacedTask | undefined => {
    const position = within?.graph.positionOf(id);
    return position === undefined ? byId.get(id) : within?.tasks[position];
  };
  return { regions, tasks, ids: new Set(byId.keys()), find };
}

/** The way to a task's key. */
export function pathTo(placed: PlacedTask, ...rest: readonly (string | number)[]): Path {
  return [...placed.path, ...rest];
}

/** The task of the same region that a dependency names, by the dependency's place; undefined when there is none. */
export function producerAt({ region, position }: PlacedTask, place: number): PlacedTask | undefined {
  return region.tasks[region.graph.producers[position]?.[place] ?? -1];
}

/** The task and the containers around it, from the inside out. */
export function outwards(placed: PlacedTask): readonly PlacedTask[] {
  const chain = [placed];
  for (let around = placed.region.container; around; around = around.region.container) chain.push(around);
  return chain;
}

/** Two tasks, each as what it is in the innermost region that is around both: itself, or a container that it is in. */
export function sideBySide(one: PlacedTask, other: PlacedTask): readonly [PlacedTask, PlacedTask] {
  const others = new Map(outwards(other).map((placed) => [placed.region, placed]));
  for (const placed of outwards(one)) {
    const beside = others.get(placed.region);
    if (beside) return [placed, beside];
  }
  // Every chain ends in the outermost region.
  return [one, other];
}

/** Whether `upstream` has settled before `placed` starts, in every execution; undefined where a cycle leaves no before and after. */
export function isBefore(upstream: PlacedTask, placed: PlacedTask): boolean | undefined {
  const [earlier, later] = sideBySide(upstream, placed);
  return earlier === later ? false : later.region.graph.isUpstream(earlier.position, later.position);
}

/** `the loop \`refine\``, or the id alone. */
export function describeTask({ task }: PlacedTask): string {
  const kind = task.loop ? 'the loop ' : task.group ? 'the group ' : '';
  return `${kind}\`${task.id}\``;
}
