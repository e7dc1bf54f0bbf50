import { decideJoin, forEachOf } from '../execution/index.ts';
import type { Path, TaskDocument, WorkflowDocument } from '../definition/index.ts';
import type { DependencyOn, Join, LoopTask, Plan, PlannedTask, Region } from '../plan/index.ts';
import { effectOf } from './effects.ts';
import { possibleJoin } from './possible-join.ts';
import type { Fate, SagaGraph, SagaNode } from './saga-graph.ts';

/** More nodes than this are not looked at: loops within loops multiply. */
const MOST_NODES = 20_000;

interface Placed {
  readonly task: TaskDocument;
  readonly path: Path;
}

/** Around the tasks of a region. */
interface Frame {
  /** The node that has to be open for them to begin. */
  readonly within?: number;
  readonly prefix: string;
  /** A container around them may fail without stopping the execution. */
  readonly isTolerated: boolean;
  /** The nodes of the tasks that can be seen from here. */
  readonly visible: ReadonlyMap<string, number>;
}

type Rest = Partial<Omit<SagaNode, 'at' | 'task' | 'name' | 'path' | 'pivotsBefore'>> &
  Pick<SagaNode, 'before' | 'after' | 'options' | 'mayBe'>;

/**
 * The tasks of a plan as one graph without regions: a container is where it opens and where it closes, and of a loop there are two
 * iterations, for what a third could do a second one can.
 */
export function graphOfPlan(workflow: WorkflowDocument, plan: Plan): SagaGraph {
  const builder = new GraphBuilder(plan, documentsOf(workflow));
  builder.addRegion(plan, { prefix: '', isTolerated: false, visible: new Map() });
  return { nodes: builder.nodes.slice(0, MOST_NODES), isWhole: builder.nodes.length <= MOST_NODES };
}

function documentsOf({ tasks }: WorkflowDocument): ReadonlyMap<string, Placed> {
  const found = new Map<string, Placed>();
  const add = (documents: readonly TaskDocument[], path: Path): void => {
    for (const [position, task] of documents.entries()) {
      const here = [...path, position];
      found.set(task.id, { task, path: here });
      if (task.group) add(task.group.tasks, [...here, 'group', 'tasks']);
      if (task.loop) add(task.loop.tasks, [...here, 'loop', 'tasks']);
    }
  };
  add(tasks, ['workflow', 'tasks']);
  return found;
}

const unsettled: ReadonlySet<Fate> = new Set<Fate>(['running', 'waiting']);

class GraphBuilder {
  readonly nodes: SagaNode[] = [];
  readonly #plan: Plan;
  readonly #tasks: ReadonlyMap<string, PlannedTask>;
  readonly #documents: ReadonlyMap<string, Placed>;

  constructor(plan: Plan, documents: ReadonlyMap<string, Placed>) {
    this.#plan = plan;
    this.#documents = documents;
    this.#tasks = new Map(plan.tasks.map((task) => [task.id, task]));
  }

  /** The nodes in which the region's tasks have settled, by id. */
  addRegion({ members }: Region, frame: Frame): ReadonlyMap<string, number> {
    const visible = new Map(frame.visible);
    const own = new Map<string, number>();
    for (const id of members) {
      const task = this.#tasks.get(id);
      if (!task || this.nodes.length > MOST_NODES) continue;
      const at = this.#addTask(task, { ...frame, visible });
      visible.set(id, at);
      own.set(id, at);
    }
    return own;
  }

  #addTask(task: PlannedTask, frame: Frame): number {
    if (task.kind === 'loop') return this.#addLoop(task, frame);
    if (task.kind !== 'group') return this.#addLeaf(task, frame);
    const open = this.#addPassage(task, frame);
    const members = this.addRegion(task.region, this.#inside(task, frame, open, `${frame.prefix}${task.id}/`));
    return this.#addEnd(task, frame, { open, members });
  }

  #inside(task: PlannedTask, frame: Frame, within: number, prefix: string): Frame {
    return { ...frame, within, prefix, isTolerated: frame.isTolerated || task.continueOnFailure };
  }

  #addLoop(task: LoopTask, frame: Frame): number {
    const open = this.#addPassage(task, frame);
    const first = this.#addIteration(task, frame, open, 0);
    const iterations = [first];
    const again = task.maxIterations > 1 ? this.#addAgain(task, frame, first) : undefined;
    if (again !== undefined) iterations.push(this.#addIteration(task, frame, again, 1));
    const exhausted =
      task.onExhausted === 'fail' ? this.#addExhaustion(task, frame, iterations.at(-1) ?? first) : undefined;
    const before = [
      open,
      ...iterations,
      ...(again === undefined ? [] : [again]),
      ...(exhausted === undefined ? [] : [exhausted]),
    ];
    const last = { open, first, again, second: iterations[1], exhausted };
    return this.#add(task, frame, {
      before,
      after: before.map((node) => ({ node, isGood: node === open })),
      options: (fates) => [loopFate(last, fates)],
      mayBe: (fates) => new Set(before.flatMap((node) => [...(fates[node] ?? [])]).concat('running')),
    });
  }

  #addIteration(task: LoopTask, frame: Frame, open: number, round: number): number {
    const prefix = `${frame.prefix}${task.id}[${round}]/`;
    const members = this.addRegion(task.region, this.#inside(task, frame, open, prefix));
    return this.#addEnd(task, frame, { open, members });
  }

  /** The first iteration has not ended the loop. */
  #addAgain(task: LoopTask, frame: Frame, first: number): number {
    const options = (fate: Fate): Fate[] => {
      if (unsettled.has(fate)) return ['waiting'];
      if (fate !== 'succeeded') return ['skipped'];
      return task.until === undefined ? ['succeeded'] : ['succeeded', 'skipped'];
    };
    return this.#add(task, frame, {
      before: [first],
      after: [{ node: first, isGood: false }],
      options: (fates) => options(fates[first] ?? 'waiting'),
      mayBe: (fates) => new Set([...(fates[first] ?? [])].flatMap(options)),
    });
  }

  /** The last iteration has not ended it either. */
  #addExhaustion(task: LoopTask, frame: Frame, last: number): number {
    const options = (fate: Fate): Fate[] =>
      fate === 'succeeded' ? ['succeeded', 'running'] : unsettled.has(fate) ? ['waiting'] : ['skipped'];
    const isTolerated = frame.isTolerated || task.continueOnFailure;
    const fails = isTolerated || this.#plan.onFailure === 'continue';
    const within = (fate: Fate, isLast: boolean): Fate[] =>
      fate === 'succeeded' && (fails || isLast) ? [...options(fate), 'failed'] : options(fate);
    return this.#add(task, frame, {
      before: [last],
      after: [{ node: last, isGood: false }],
      mayFail: true,
      isTolerated,
      options: (fates, isLast) => within(fates[last] ?? 'waiting', isLast),
      mayBe: (fates, isLast) => new Set([...(fates[last] ?? [])].flatMap((fate) => within(fate, isLast))),
    });
  }

  #addPassage(task: PlannedTask, frame: Frame): number {
    return this.#addJoined(task, frame, {
      run: () => (task.when === undefined ? ['succeeded'] : ['succeeded', 'skipped']),
    });
  }

  #addEnd(
    task: PlannedTask,
    frame: Frame,
    { open, members }: { readonly open: number; readonly members: ReadonlyMap<string, number> },
  ): number {
    const before = [open, ...members.values()];
    const alone = new Set([...members].flatMap(([id, at]) => (this.#tasks.get(id)?.continueOnFailure ? [at] : [])));
    const inside = [...members.values()];
    return this.#add(task, frame, {
      before,
      after: before.map((node) => ({ node, isGood: node === open })),
      options: (fates) => [regionFate(fates[open] ?? 'waiting', inside, alone, fates)],
      mayBe: (fates) => new Set<Fate>(['succeeded', 'running', ...before.flatMap((node) => [...(fates[node] ?? [])])]),
    });
  }

  #addLeaf(task: PlannedTask, frame: Frame): number {
    const placed = this.#documents.get(task.id);
    const effect = placed && effectOf(placed.task, task, (id) => frame.visible.get(id));
    const mayFail = canFail(task);
    const isTolerated = frame.isTolerated || task.continueOnFailure;
    const isRetried = task.kind === 'agent' && task.retry.maxAttempts > 1 && task.retry.retryOn === undefined;
    const goesOn = isTolerated || this.#plan.onFailure === 'continue';
    const pivots = this.#pivotsBefore(this.#beforeJoin(task, frame));
    return this.#addJoined(task, frame, {
      isTask: true,
      isPivot: placed?.task.pivot === true,
      ...(effect && { effect }),
      mayFail,
      isTolerated,
      isRetried,
      toleratesItems: toleratesItems(task),
      run: (passed, isLast) => {
        const holds = isRetried && !isTolerated && pivots.some(passed);
        const fails = mayFail && (goesOn || isLast) && !holds;
        const optional = task.when === undefined ? [] : (['skipped'] as const);
        return ['succeeded', ...optional, ...(fails ? (['failed'] as const) : []), 'running'];
      },
    });
  }

  #addJoined(
    task: PlannedTask,
    frame: Frame,
    {
      run,
      ...rest
    }: Partial<SagaNode> & { run: (passed: (pivot: number) => boolean, isLast: boolean) => readonly Fate[] },
  ): number {
    const edges = task.dependsOn.flatMap(({ task: id, on }) => {
      const node = frame.visible.get(id);
      return node === undefined ? [] : [{ task: id, on, node }];
    });
    const { onSkip } = this.#plan;
    const { within } = frame;
    return this.#add(task, frame, {
      ...rest,
      before: this.#beforeJoin(task, frame),
      after: afterJoin(task.join, edges, within),
      options: (fates, isLast) => {
        if (within !== undefined && fates[within] !== 'succeeded') return ['waiting'];
        const seen = edges.map(({ node, ...edge }) => ({ ...edge, status: statusOf(fates[node] ?? 'waiting') }));
        const { kind } = decideJoin(task.join, seen, onSkip);
        if (kind === 'wait') return ['waiting'];
        return kind === 'run' ? run((pivot) => fates[pivot] === 'succeeded', isLast) : [kind];
      },
      mayBe: (fates, isLast) => {
        const around = within === undefined ? undefined : fates[within];
        if (around && !around.has('succeeded')) return new Set(['waiting']);
        const seen = edges.map(({ node, on }) => ({ on, fates: fates[node] ?? new Set<Fate>() }));
        const outcomes = possibleJoin(task.join, seen, onSkip === 'propagates');
        // Whether a pivot has surely been passed is not known here: where it may not have been, a failure is possible.
        const surely = (pivot: number): boolean => [...(fates[pivot] ?? [])].every((fate) => fate === 'succeeded');
        const found = [...outcomes].flatMap((it) =>
          it === 'wait' ? ['waiting' as const] : it === 'run' ? run(surely, isLast) : [it],
        );
        return new Set<Fate>(around && around.size > 1 ? [...found, 'waiting'] : found);
      },
    });
  }

  #beforeJoin(task: PlannedTask, { within, visible }: Frame): readonly number[] {
    const producers = task.dependsOn.flatMap(({ task: id }) => visible.get(id) ?? []);
    return within === undefined ? producers : [within, ...producers];
  }

  #pivotsBefore(before: readonly number[]): readonly number[] {
    const found = before.flatMap((node) => [
      ...(this.nodes[node]?.pivotsBefore ?? []),
      ...(this.nodes[node]?.isPivot ? [node] : []),
    ]);
    return [...new Set(found)];
  }

  #add(task: PlannedTask, frame: Frame, rest: Rest): number {
    const at = this.nodes.length;
    this.nodes.push({
      at,
      task: task.id,
      name: frame.prefix + task.id,
      path: this.#documents.get(task.id)?.path ?? ['workflow'],
      isTask: false,
      isPivot: false,
      mayFail: false,
      isTolerated: false,
      toleratesItems: false,
      isRetried: false,
      ...rest,
      pivotsBefore: this.#pivotsBefore(rest.before),
    });
    return at;
  }
}

function toleratesItems(task: PlannedTask): boolean {
  const tolerate = forEachOf(task)?.tolerate;
  if (!tolerate) return false;
  return 'items' in tolerate ? tolerate.items > 0 : tolerate.percent > 0;
}

/** With `any_success` and `quorum` some of its dependencies may still run. */
function afterJoin(
  join: Join,
  edges: readonly { readonly node: number; readonly on: DependencyOn }[],
  within: number | undefined,
): SagaNode['after'] {
  const around = within === undefined ? [] : [{ node: within, isGood: true }];
  if (join === 'any_success' || typeof join === 'object') return around;
  return [...around, ...edges.map(({ node, on }) => ({ node, isGood: on === 'success' && join !== 'all_done' }))];
}

function canFail(task: PlannedTask): boolean {
  return (
    task.kind === 'agent' ||
    task.kind === 'workflow' ||
    (task.kind === 'wait' && task.wait.kind === 'event' && task.wait.timeout !== undefined)
  );
}

function statusOf(fate: Fate): Exclude<Fate, 'waiting'> | 'pending' {
  return fate === 'waiting' ? 'pending' : fate;
}

/** How a group or an iteration ends whose members ended so. */
function regionFate(open: Fate, members: readonly number[], alone: ReadonlySet<number>, fates: readonly Fate[]): Fate {
  if (open !== 'succeeded') return open;
  const ends = members.map((node) => ({ fate: fates[node] ?? 'waiting', isAlone: alone.has(node) }));
  if (ends.some(({ fate }) => unsettled.has(fate))) return 'running';
  if (ends.some(({ fate, isAlone }) => fate === 'failed' && !isAlone)) return 'failed';
  return ends.every(({ fate }) => fate === 'skipped') ? 'skipped' : 'succeeded';
}

interface LoopNodes {
  readonly open: number;
  readonly first: number;
  readonly again: number | undefined;
  readonly second: number | undefined;
  readonly exhausted: number | undefined;
}

function loopFate({ open, first, again, second, exhausted }: LoopNodes, fates: readonly Fate[]): Fate {
  const of = (node: number): Fate => fates[node] ?? 'waiting';
  if (of(open) !== 'succeeded') return of(open);
  const goesOn = again !== undefined && second !== undefined && of(first) === 'succeeded';
  if (goesOn && of(again) === 'skipped') return 'succeeded';
  const last = goesOn ? of(second) : of(first);
  const end = last === 'succeeded' && exhausted !== undefined ? of(exhausted) : last;
  return end === 'waiting' ? 'running' : end;
}
