import { readsName, referencedTasks, type Scope } from '../core/expressions/index.ts';
import { forEachOf, regionsAround, type ExecutionRecord, type TaskRecord } from '../core/execution/index.ts';
import {
  iterationOf,
  memberPath,
  parseItemPath,
  parseRegion,
  regionOf,
  type ExecutionId,
  type TaskPath,
} from '../core/ids/index.ts';
import type { Json } from '../core/json/index.ts';
import type { PlannedTask } from '../core/plan/index.ts';
import type { EngineContext, LoadedWorkflow } from './engine-context.ts';

interface Place {
  readonly execution: ExecutionRecord;
  readonly workflow: LoadedWorkflow;
  /** Whose tasks the expressions name directly. */
  readonly region: string;
}

/** The names that the expressions of a tree read, as the ledger shows them now. */
export async function scopeOf(ctx: EngineContext, { execution, workflow, region }: Place, tree: Json): Promise<Scope> {
  const ids = referencedTasks(tree);
  const tasks = await taskScopes(
    ctx,
    execution.id,
    ids.map((id) => [id, workflow.index.resolve(region, id)]),
  );
  const loop = readsName(tree, 'loop') ? await loopScope(ctx, { execution, workflow, region }) : undefined;
  return {
    input: await ctx.load(execution.input),
    execution: { id: execution.id, name: execution.id, started_at: new Date(execution.startedAt).toISOString() },
    workflow: { name: execution.workflow, version: execution.version },
    tasks,
    ...(loop && { loop }),
  };
}

interface Task extends Omit<Place, 'region'> {
  readonly planned: PlannedTask;
  readonly record: TaskRecord;
}

/** As above for a task's own expressions: a call of a `for_each` also reads its item, and any item its index. */
export async function scopeOfTask(
  ctx: EngineContext,
  { execution, workflow, planned, record }: Task,
  tree: Json,
): Promise<Scope> {
  const scope = await scopeOf(ctx, { execution, workflow, region: regionOf(record.path) }, tree);
  const item = parseItemPath(record.path);
  if (!item) return scope;
  const forEach = forEachOf(planned);
  if (!forEach || !readsName(tree, 'item')) return { ...scope, index: item.index };
  const container = await ctx.ledger.findTask(execution.id, item.container);
  const items = container?.calls ? await ctx.load(container.calls.items) : [];
  // What was frozen is a list: nothing else opens a `for_each`.
  return { ...scope, index: item.index, item: itemOf(items as readonly Json[], item.index, forEach.batch) };
}

/** As above for what undoes a task: its own id means itself, also where it is one of many. */
export async function scopeOfCompensation(
  ctx: EngineContext,
  { execution, workflow }: Omit<Place, 'region'>,
  task: TaskRecord,
  tree: Json,
): Promise<Scope> {
  const planned = workflow.index.taskAt(task.path);
  const scope = await scopeOfTask(ctx, { execution, workflow, planned, record: task }, tree);
  return { ...scope, tasks: { ...scope.tasks, [planned.id]: await taskScope(ctx, task) } };
}

function itemOf(items: readonly Json[], call: number, batch: number | undefined): Json {
  return batch === undefined ? (items[call] ?? null) : items.slice(call * batch, (call + 1) * batch);
}

/** The innermost loop around a region. */
async function loopScope(
  ctx: EngineContext,
  { execution, workflow, region }: Place,
): Promise<Scope['loop'] | undefined> {
  const iteration = regionsAround(region).find((it) => parseRegion(it)?.round !== undefined);
  const { container, round } = (iteration === undefined ? undefined : parseRegion(iteration)) ?? {};
  if (container === undefined || round === undefined) return undefined;
  const planned = workflow.index.taskAt(container);
  if (round === 0 || planned.kind !== 'loop') return { index: round, previous: null };
  const before = iterationOf(container, round - 1);
  const previous = await taskScopes(
    ctx,
    execution.id,
    planned.region.members.map((id) => [id, memberPath(before, id)]),
  );
  return { index: round, previous };
}

async function taskScopes(
  ctx: EngineContext,
  execution: ExecutionId,
  tasks: readonly (readonly [string, TaskPath])[],
): Promise<{ readonly [id: string]: Json }> {
  const records = await ctx.ledger.findTasks(
    execution,
    tasks.map(([, path]) => path),
  );
  const views = await Promise.all(records.map((record) => taskScope(ctx, record)));
  return Object.fromEntries(tasks.map(([id], i) => [id, views[i] ?? null]));
}

async function taskScope(ctx: EngineContext, record: TaskRecord | undefined): Promise<Json> {
  return {
    status: record?.status ?? 'pending',
    output: record?.output ? await ctx.load(record.output) : null,
    attempts: record?.attempts ?? 0,
    cached: record?.cached !== undefined,
  };
}
