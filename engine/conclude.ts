import { evaluateTree, ExpressionError } from '../core/expressions/index.ts';
import {
  advanceExecution,
  concludeExecution,
  isSettled,
  isTerminal,
  openPaths,
  type Conclusion,
  type ExecutionRecord,
  type OpenPaths,
  type StoredValue,
  type TaskRecord,
} from '../core/execution/index.ts';
import type { ExecutionId } from '../core/ids/index.ts';
import { announceEnd, answer } from './announce-end.ts';
import { isHuman } from './approvals.ts';
import { cancelTask } from './cancel-task.ts';
import { runChild } from './child.ts';
import type { EngineContext, LoadedWorkflow } from './engine-context.ts';
import type { FollowUp, FollowUps } from './follow-up.ts';
import { scopeOf } from './scope.ts';
import { beginSaga, compensate, hasToUndo } from './saga.ts';
import { stop } from './stop.ts';
import { AGAIN, untilCommitted } from './until-committed.ts';
import { executionWrites, leaveParking } from './writes.ts';

/** The machine has come to its end, whichever way: bind its token, then conclude as soon as nothing runs any more. */
export async function enterConclude(ctx: EngineContext, id: ExecutionId, token: string): Promise<FollowUps> {
  await untilCommitted(`Conclude state of ${id}`, async () => {
    const execution = await ctx.getExecution(id);
    if (isTerminal(execution.status)) return true;
    const bound = { ...execution, concludeToken: token, revision: execution.revision + 1 };
    return (await ctx.commit([{ kind: 'execution', record: bound }])) || AGAIN;
  });
  const execution = await ctx.getExecution(id);
  if (isTerminal(execution.status)) await answer(ctx, execution, token);
  return [...(await takeUpChildren(ctx, execution)), { kind: 'conclude', execution: id }];
}

/** A stopping execution dispatches nothing any more: children that a process has left are taken up here, started or not, and stopped. */
async function takeUpChildren(ctx: EngineContext, execution: ExecutionRecord): Promise<FollowUps> {
  if (execution.status !== 'stopping') return [];
  const { index } = await ctx.getWorkflow(execution);
  const followUps: FollowUp[] = [];
  for (const task of await ctx.ledger.listTasks(execution.id)) {
    if (task.child === undefined || isSettled(task.status)) continue;
    const planned = index.taskAt(task.path);
    if (planned.kind === 'workflow') followUps.push(...(await runChild(ctx, task, planned)));
  }
  return followUps;
}

/** Looks whether the execution can end now, and ends it. Without a waiting conclude state it does nothing. */
export async function conclude(ctx: EngineContext, id: ExecutionId): Promise<FollowUps> {
  const execution = await ctx.getExecution(id);
  if (execution.status === 'compensating') return compensate(ctx, id);
  if (execution.concludeToken === undefined || !mayEnd(execution)) return [];
  const workflow = await ctx.getWorkflow(execution);
  const tasks = await ctx.ledger.listTasks(id);
  if (execution.status === 'stopping') return concludeStopping(ctx, execution, workflow, tasks);
  // A machine reaches its end with unsettled tasks only when something outside of the plan has gone wrong.
  const open = openOf(workflow, tasks);
  if (open.tasks.length + open.containers.length > 0) return stop(ctx, id, { reason: 'engine_error' });
  return finish(ctx, id, workflow);
}

async function concludeStopping(
  ctx: EngineContext,
  execution: ExecutionRecord,
  workflow: LoadedWorkflow,
  tasks: readonly TaskRecord[],
): Promise<FollowUps> {
  const { stopping, id } = execution;
  const live = tasks.filter(
    (task) => task.attempt && mayAnswer(ctx, workflow, { task, drains: stopping?.drain === true }),
  );
  const end = (stopping?.at ?? 0) + workflow.index.plan.grace * 1000;
  const waits = stopping?.drain === true || ctx.clock.now() < end;
  if (live.length > 0 && waits) {
    if (!stopping?.drain) await ctx.timers.schedule({ kind: 'grace', execution: id }, end);
    return [];
  }
  // The grace is over for agents; children are waited for without one.
  const children = tasks.filter((task) => task.child !== undefined && !isSettled(task.status));
  const awaited = new Set(children.map((task) => task.path));
  const attempted = new Set(tasks.filter((task) => task.attempt).map((task) => task.path));
  const open = openOf(workflow, tasks);
  const elsewhere: FollowUp[] = [];
  for (const path of open.tasks.filter((it) => !awaited.has(it))) {
    const status = attempted.has(path) ? 'unknown' : 'cancelled';
    // Whoever of another execution has waited for what this one held goes on; within this one nothing does.
    elsewhere.push(...ofOthers(id, await cancelTask(ctx, execution, path, { status })));
  }
  // All of them, not only those of the members just cancelled: a process may have died before it collected.
  const collections = open.containers.map((container) => ({ kind: 'collect', execution: id, container }) as const);
  if (children.length > 0) return [...elsewhere, ...collections, ...(await awaitChildren(ctx, children))];
  const isDone = open.tasks.length + collections.length === 0;
  return isDone ? finish(ctx, id, workflow) : [...elsewhere, ...collections, { kind: 'conclude', execution: id }];
}

function ofOthers(id: ExecutionId, followUps: FollowUps): FollowUps {
  return followUps.filter((followUp) => followUp.kind === 'admit' && followUp.execution !== id);
}

/** Children end by themselves, soon, because they were stopped: what they have done by then counts. */
async function awaitChildren(ctx: EngineContext, tasks: readonly TaskRecord[]): Promise<FollowUps> {
  const children = await Promise.all(tasks.map(async ({ child }) => child && ctx.ledger.findExecution(child)));
  return tasks.flatMap(({ execution, path }, i) => {
    const child = children[i];
    return child && isTerminal(child.status) ? [{ kind: 'child_ended', execution, path } as const] : [];
  });
}

interface Attempted {
  readonly task: TaskRecord;
  /** The stop lets finish what runs. */
  readonly drains: boolean;
}

/**
 * An attempt of a process that has died, in a runtime that died with it, will never answer. A person may, but need not be given any grace:
 * nobody has begun anything.
 */
function mayAnswer(ctx: EngineContext, workflow: LoadedWorkflow, { task, drains }: Attempted): boolean {
  const type = ctx.getAgentType(workflow, workflow.index.agentAt(task.path).agentType);
  if (isHuman(type)) return drains;
  return task.attempt?.engine === ctx.engineId || ctx.agents.outlivesEngine(type);
}

function openOf({ index }: LoadedWorkflow, tasks: readonly TaskRecord[]): OpenPaths {
  const records = new Map(tasks.map((task) => [task.path, task]));
  return openPaths(index, (path) => records.get(path));
}

/** A paused execution ends no more than it begins anything: who has paused it finds it as it was. */
function mayEnd({ status }: ExecutionRecord): boolean {
  return status !== 'paused' && !isTerminal(status);
}

/** The one write of the terminal status, then the machine's own end; where something has to be undone first, the one write that begins that. */
async function finish(ctx: EngineContext, id: ExecutionId, workflow: LoadedWorkflow): Promise<FollowUps> {
  const ended = await untilCommitted(`End of ${id}`, async () => {
    const execution = await ctx.getExecution(id);
    if (execution.status === 'compensating') return 'undoing';
    if (!mayEnd(execution)) return undefined;
    const tasks = await ctx.ledger.listTasks(id);
    await dismissEarly(ctx, tasks);
    const { output, ...conclusion } = await withOutput(
      ctx,
      execution,
      workflow,
      concludeExecution(execution, tasks, workflow.index),
    );
    if (hasToUndo({ workflow, tasks, conclusion }))
      return (await beginSaga(ctx, { execution, workflow, tasks, conclusion })) ? 'undoing' : AGAIN;
    const now = ctx.clock.now();
    const result = { ...conclusion, ...(output && { output }) };
    const advanced = advanceExecution(
      execution,
      { ...result, endedAt: now },
      [{ type: 'workflow.execution_completed', data: result }],
      { now, after: tasks.reduce((highest, task) => Math.max(highest, task.lamport), 0) },
    );
    if (!(await ctx.commit(executionWrites(advanced)))) return AGAIN;
    return advanced.record;
  });
  if (ended === 'undoing') return compensate(ctx, id);
  return ended ? announceEnd(ctx, ended) : [];
}

/** Members that came before a container that then never opened: they are none of its tasks, and nobody else takes them out of its queue. */
async function dismissEarly(ctx: EngineContext, tasks: readonly TaskRecord[]): Promise<void> {
  for (const task of tasks) if (!isSettled(task.status)) await ctx.commit(leaveParking(task));
}

async function withOutput(
  ctx: EngineContext,
  execution: ExecutionRecord,
  workflow: LoadedWorkflow,
  conclusion: Conclusion,
): Promise<Conclusion & { readonly output?: StoredValue }> {
  if (conclusion.status !== 'succeeded') return conclusion;
  const { plan, sinks } = workflow.index;
  const tree = plan.output ?? Object.fromEntries(sinks.map((id) => [id, `\${tasks[${JSON.stringify(id)}].output}`]));
  try {
    const scope = await scopeOf(ctx, { execution, workflow, region: '' }, tree);
    return { ...conclusion, output: await ctx.store(evaluateTree(tree, scope)) };
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    return { status: 'failed', error: { name: 'InvalidOutput', message: `The workflow's output: ${error.message}` } };
  }
}
