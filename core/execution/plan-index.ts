import {
  itemPath,
  iterationOf,
  memberPath,
  parseCompensationPath,
  parseItemPath,
  parseRegion,
  regionOf,
  taskIdOf,
  taskPath,
  type TaskPath,
} from '../ids/index.ts';
import { InvariantError } from '../errors/index.ts';
import type { AgentTask, ForEach, Plan, PlannedTask } from '../plan/index.ts';

/** A plan with the look-ups that decisions need. Built once for each published version. */
export interface PlanIndex {
  readonly plan: Plan;
  /**
   * The planned task that a path belongs to; an item's is its fan-out's, and a compensation is a call of an agent as well. Throws
   * InvariantError for a foreign path.
   */
  taskAt(path: TaskPath): PlannedTask;
  /** The same where only agents can be: attempts belong to them. Throws InvariantError (`no_agent`) for another kind. */
  agentAt(path: TaskPath): AgentTask;
  /** The path of a task as a machine names it: its id, or an item's, with one number for each loop around it, outermost first. */
  pathOf(task: string, rounds: readonly number[]): TaskPath;
  /** The path of a task as an expression in this region names it: of the region itself, or of one around it. */
  resolve(region: string, id: string): TaskPath;
  /** All transitive dependencies of a task, within its region. */
  upstreamOf(id: string): ReadonlySet<string>;
  /** Tasks that name this one in `depends_on`. */
  dependentsOf(id: string): readonly string[];
  /** Tasks of the outermost region that nothing depends on, but perhaps a checkpoint of their own; in the plan's order. */
  readonly sinks: readonly string[];
  /** Whether a failure there stays there: the task, or a container around it, has `continue_on_failure`. */
  isTolerated(path: TaskPath): boolean;
  /** Whether an operator may skip it: the task, or a container around it, has `allow_skip`. */
  maySkip(path: TaskPath): boolean;
}

export function indexPlan(plan: Plan): PlanIndex {
  const byId = new Map(plan.tasks.map((task) => [task.id, task]));
  const upstream = new Map<string, ReadonlySet<string>>();
  const dependents = new Map<string, string[]>();
  for (const { id, dependsOn } of plan.tasks) {
    for (const { task } of dependsOn) {
      const known = dependents.get(task);
      if (known) known.push(id);
      else dependents.set(task, [id]);
    }
  }
  const get = (id: string): PlannedTask => byId.get(id) ?? foreign(plan, id);

  const compensationOf = rememberCompensations(plan);
  const taskAt = (path: TaskPath): PlannedTask => {
    const task = get(taskIdOf(path));
    return parseCompensationPath(path) === undefined ? task : compensationOf(task);
  };

  const upstreamOf = (id: string): ReadonlySet<string> => {
    const known = upstream.get(id);
    if (known) return known;
    const found = new Set<string>();
    const open = [id];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      for (const dependency of get(next).dependsOn) {
        if (found.has(dependency.task)) continue;
        found.add(dependency.task);
        open.push(dependency.task);
      }
    }
    upstream.set(id, found);
    return found;
  };

  return {
    plan,
    taskAt,
    agentAt: (path) => {
      const task = taskAt(path);
      if (task.kind === 'agent') return task;
      throw new InvariantError({ code: 'no_agent', message: `Task ${path} calls no agent: it is a ${task.kind}.` });
    },
    pathOf: (task, rounds) => pathOf(get, task, rounds),
    resolve: (region, id) => {
      const { container } = get(id);
      return memberPath(regionsAround(region).find((it) => containerIdOf(it) === container) ?? '', id);
    },
    upstreamOf,
    dependentsOf: (id) => dependents.get(id) ?? [],
    sinks: plan.members.filter((id) => !dependents.has(id)).map((id) => authorsTask(get(id))),
    isTolerated: (path) => outwards(path).some((id) => get(id).continueOnFailure),
    maySkip: (path) => outwards(path).some((id) => get(id).allowSkip === true),
  };
}

/** Ahead of all that goes forward where tasks wait for a slot: what was done must not wait behind what is yet to be done. */
const FIRST = 9;

function rememberCompensations(plan: Plan): (task: PlannedTask) => AgentTask {
  const compensations = new Map<string, AgentTask>();
  return (task) => {
    const known = compensations.get(task.id) ?? compensationTask(plan, task);
    compensations.set(task.id, known);
    return known;
  };
}

/** The call that undoes a task, as a task of its own: nothing depends on it, and it depends on nothing that the graph would know. */
function compensationTask(plan: Plan, { id, container, compensate }: PlannedTask): AgentTask {
  if (!compensate) return foreign(plan, `the compensation of ${id}`);
  const { onFailure, ...call } = compensate;
  return {
    kind: 'agent',
    id,
    ...(container !== undefined && { container }),
    ...call,
    dependsOn: [],
    join: 'all_success',
    continueOnFailure: true,
    priority: FIRST,
  };
}

/** A checkpoint has no output of its own to show: its task has. */
function authorsTask(task: PlannedTask): string {
  return task.kind === 'checkpoint' ? task.of : task.id;
}

function pathOf(get: (id: string) => PlannedTask, task: string, rounds: readonly number[]): TaskPath {
  const containers: PlannedTask[] = [];
  for (let { container } = get(taskIdOf(taskPath(task))); container !== undefined;) {
    const around = get(container);
    containers.unshift(around);
    container = around.container;
  }
  let region = '';
  let loops = 0;
  for (const { id, kind } of containers) {
    const path = memberPath(region, id);
    region = kind === 'loop' ? iterationOf(path, rounds[loops++] ?? 0) : path;
  }
  return memberPath(region, task);
}

/** Ids of a task and of the containers around it. */
function outwards(path: TaskPath): readonly string[] {
  return [taskIdOf(path), ...regionsAround(regionOf(path)).flatMap((region) => containerIdOf(region) ?? [])];
}

/** A region and those around it, from inside to outside; the outermost is ''. */
export function regionsAround(region: string): readonly string[] {
  const at = parseRegion(region);
  return at ? [region, ...regionsAround(regionOf(at.container))] : [region];
}

function containerIdOf(region: string): string | undefined {
  const container = parseRegion(region)?.container;
  return container === undefined ? undefined : taskIdOf(container);
}

/** The group, loop or `for_each` that must be open before a task may do anything; an item of `parallel: true` has none of its own. */
export function containerOf(path: TaskPath, task: PlannedTask): TaskPath | undefined {
  const item = parseItemPath(path);
  if (item && forEachOf(task)) return item.container;
  return parseRegion(regionOf(path))?.container;
}

/** The items of a static fan-out in order; none for any other task. */
export function itemPathsOf(path: TaskPath, task: PlannedTask): readonly TaskPath[] {
  const count = task.kind === 'agent' ? (task.fanOut ?? 0) : 0;
  return parseItemPath(path) ? [] : Array.from({ length: count }, (_, index) => itemPath(path, index));
}

/** The items of a `for_each`; undefined for any other task. */
export function forEachOf(task: PlannedTask): ForEach | undefined {
  return task.kind === 'agent' || task.kind === 'workflow' ? task.forEach : undefined;
}

function foreign({ workflow }: Plan, id: string): never {
  throw new InvariantError({ code: 'foreign_path', message: `${id} is no task of ${workflow.name}` });
}
