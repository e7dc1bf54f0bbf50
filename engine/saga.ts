import {
  advanceExecution,
  advanceTask,
  decideSaga,
  isBefore,
  isSettled,
  undoSet,
  type Conclusion,
  type ExecutionRecord,
  type SagaDecision,
  type TaskRecord,
} from '../core/execution/index.ts';
import { compensationPath, parseCompensationPath } from '../core/ids/index.ts';
import type { ExecutionId } from '../core/ids/index.ts';
import { announceEnd } from './announce-end.ts';
import type { EngineContext, LoadedWorkflow } from './engine-context.ts';
import type { FollowUp, FollowUps } from './follow-up.ts';
import { AGAIN, untilCommitted } from './until-committed.ts';
import { executionWrites, taskWrites } from './writes.ts';

interface Ending {
  readonly execution: ExecutionRecord;
  readonly workflow: LoadedWorkflow;
  readonly tasks: readonly TaskRecord[];
  readonly conclusion: Conclusion;
}

/** Whether something has to be undone before an execution may end like this. */
export function hasToUndo({ workflow, tasks, conclusion }: Omit<Ending, 'execution'>): boolean {
  return conclusion.status !== 'succeeded' && undoSet(workflow.index, tasks).length > 0;
}

/** The one write after which nothing goes forward any more, and what was done is undone. False: look again. */
export async function beginSaga(ctx: EngineContext, { execution, tasks, conclusion }: Ending): Promise<boolean> {
  const now = ctx.clock.now();
  const advanced = advanceExecution(
    execution,
    { status: 'compensating', saga: { ...conclusion, at: now } },
    [{ type: 'workflow.status_changed', data: { from: execution.status, to: 'compensating' } }],
    { now, after: highestLamport(tasks) },
  );
  return ctx.commit(executionWrites(advanced));
}

/**
 * Begins every compensation whose turn it is, and ends the execution when none is left. Derived from the records alone: whoever asks again,
 * after each settlement of a compensation or after a crash, goes on where the last one was.
 */
export async function compensate(ctx: EngineContext, id: ExecutionId): Promise<FollowUps> {
  const followUps = await untilCommitted<FollowUps>(`Compensation of ${id}`, async () => {
    const execution = await ctx.getExecution(id);
    if (execution.status !== 'compensating') return [];
    const workflow = await ctx.getWorkflow(execution);
    const tasks = await ctx.ledger.listTasks(id);
    const decision = decideSaga(workflow.index, tasks);
    if (decision.starts.length + decision.open.length === 0) return endSaga(ctx, { execution, tasks, decision });
    const starting = { execution, workflow, tasks };
    const begun = await Promise.all(decision.starts.map((task) => beginOne(ctx, starting, task)));
    // Begun before, and its process may have died before anything was called.
    const called = new Set(tasks.map(({ path }) => path));
    const forgotten = decision.open.filter(({ path }) => !called.has(compensationPath(path)));
    return [...begun.flat(), ...forgotten.map(admission)];
  });
  return followUps;
}

function admission({ execution, path }: TaskRecord): FollowUp {
  return { kind: 'admit', execution, path: compensationPath(path) };
}

/** One that somebody else has begun meanwhile is begun. */
async function beginOne(
  ctx: EngineContext,
  { execution, workflow, tasks }: Omit<Ending, 'conclusion'>,
  task: TaskRecord,
): Promise<FollowUps> {
  const { compensate: how } = workflow.index.taskAt(task.path);
  if (!how) return [];
  const later = tasks.filter(({ path, undo }) => undo !== undefined && isBefore(workflow.index, task.path, path));
  const advanced = advanceTask(
    task,
    (record) => ({ ...record, undo: 'compensating' }),
    [{ type: 'task.compensating', data: { agent: how.agent } }],
    { now: ctx.clock.now(), after: Math.max(execution.lamport, highestLamport(later)) },
  );
  return (await ctx.commit(taskWrites(advanced))) ? [admission(task)] : [];
}

interface Undone {
  readonly execution: ExecutionRecord;
  readonly tasks: readonly TaskRecord[];
  readonly decision: SagaDecision;
}

/** The terminal status: whether everything is undone that had to be. */
async function endSaga(ctx: EngineContext, undone: Undone): Promise<FollowUps | typeof AGAIN> {
  const { execution, tasks, decision } = undone;
  const now = ctx.clock.now();
  const { error } = execution.saga ?? {};
  const left = [...decision.residue, ...tasks.filter(({ resolution }) => resolution?.as === 'skipped')];
  const result =
    left.length === 0
      ? ({ status: 'compensated', ...(error && { error }) } as const)
      : ({ status: 'compensation_failed', error: residueError({ ...undone, left }) } as const);
  const advanced = advanceExecution(
    execution,
    { ...result, endedAt: now },
    [{ type: 'workflow.execution_completed', data: result }],
    { now, after: highestLamport(tasks) },
  );
  return (await ctx.commit(executionWrites(advanced))) ? announceEnd(ctx, advanced.record) : AGAIN;
}

const MOST_NAMED = 5;

function residueError({
  execution,
  tasks,
  left,
}: Omit<Undone, 'decision'> & { readonly left: readonly TaskRecord[] }): { name: string; message: string } {
  const named = left.slice(0, MOST_NAMED).map(({ path }) => path);
  const more = left.length > MOST_NAMED ? ` and ${left.length - MOST_NAMED} more` : '';
  const failed = tasks.find(({ path }) => parseCompensationPath(path) === left[0]?.path);
  const why = failed?.error ? `: ${failed.error.name}: ${failed.error.message}` : '';
  const first = execution.saga?.error ? ` It was undone because of this: ${execution.saga.error.message}` : '';
  return { name: 'CompensationFailed', message: `Not undone: ${named.join(', ')}${more}${why}.${first}` };
}

/** Of a compensation: the writes to the task that it undoes, which belong into the commit by which it settles. */
export async function undoneWrites(ctx: EngineContext, settled: TaskRecord): Promise<ReturnType<typeof taskWrites>> {
  const path = parseCompensationPath(settled.path);
  if (path === undefined || !isSettled(settled.status)) return [];
  const task = await ctx.ledger.findTask(settled.execution, path);
  if (task?.undo !== 'compensating') return [];
  const { attempts, error = { name: 'AgentFailure', message: `It was ${settled.status}.` } } = settled;
  const isUndone = settled.status === 'succeeded';
  const advanced = advanceTask(
    task,
    (record) => ({ ...record, undo: isUndone ? 'compensated' : 'compensation_failed' }),
    [
      isUndone
        ? { type: 'task.compensated', data: {} }
        : { type: 'task.compensation_failed', data: { attempts, error } },
    ],
    { now: ctx.clock.now(), after: settled.lamport },
  );
  return taskWrites(advanced);
}

function highestLamport(tasks: readonly TaskRecord[]): number {
  return tasks.reduce((highest, { lamport }) => Math.max(highest, lamport), 0);
}
