import type { TaskError } from '../core/agents/index.ts';
import { ConflictError, NotFoundError } from '../core/errors/index.ts';
import {
  advanceExecution,
  advanceTask,
  decideSaga,
  indexPlan,
  undoSet,
  type ExecutionRecord,
  type PlanIndex,
  type Resolution,
  type TaskRecord,
  type UndoStatus,
} from '../core/execution/index.ts';
import { compensationPath, taskIdOf, type ExecutionId, type TaskPath } from '../core/ids/index.ts';
import type { LedgerWrite } from '../core/ports/index.ts';
import type { EngineDeps } from './engine-context.ts';
import { AGAIN, untilCommitted } from './until-committed.ts';
import { cleared, executionWrites, taskWrites } from './writes.ts';

/** What a saga does, or has done, about one task. */
export interface CompensationStatus {
  readonly task: TaskPath;
  /** Who undoes it. */
  readonly agent: string;
  /** `pending`: it has not begun. In an execution that has ended: one that failed holds it back. */
  readonly status: 'pending' | UndoStatus;
  /** The idempotency key under which the task's own agent was called: what to look for outside. */
  readonly effect: string;
  readonly attempts: number;
  /** Of the last attempt that failed for good. */
  readonly error?: TaskError;
  readonly resolution?: Resolution;
  /** What an operator may do now. */
  readonly may: readonly Resolving['as'][];
}

/** What an operator wants done about a compensation that failed, or is held back. */
export interface Resolving {
  readonly task: TaskPath;
  /** `retry`: it is tried again. `done`: its effect was undone by hand. `skip`: it stays. */
  readonly as: 'retry' | 'done' | 'skip';
  readonly by: string;
  /** For those who ask later. */
  readonly reason: string;
}

type Sources = Pick<EngineDeps, 'ledger' | 'definitions'>;

/** All that has to be undone of an execution, what was done last in front; empty for one that undoes nothing. */
export async function listCompensations(
  { ledger, definitions }: Sources,
  id: ExecutionId,
): Promise<readonly CompensationStatus[]> {
  const execution = await getExecution(ledger, id);
  if (!execution.saga) return [];
  const index = await indexOf(definitions, execution);
  const tasks = await ledger.listTasks(id);
  const known = new Map(tasks.map((task) => [task.path, task]));
  const positions = new Map(index.plan.tasks.map((task, position) => [task.id, position]));
  const positionOf = ({ path }: TaskRecord): number => positions.get(taskIdOf(path)) ?? 0;
  return undoSet(index, tasks)
    .toSorted((a, b) => (b.settledAt ?? 0) - (a.settledAt ?? 0) || positionOf(b) - positionOf(a))
    .map((task) => {
      const { attempts = 0, error } = known.get(compensationPath(task.path)) ?? {};
      return {
        task: task.path,
        agent: index.taskAt(task.path).compensate?.agent ?? '',
        status: task.undo ?? 'pending',
        effect: `${id}/${task.path}`,
        attempts,
        ...(error && { error }),
        ...(task.resolution && { resolution: task.resolution }),
        may: actionsOn(execution, task),
      };
    });
}

/** One that failed may be tried again; one that is held back has not been tried, and goes on by itself once nothing holds it. */
function actionsOn({ status }: ExecutionRecord, { undo, resolution }: TaskRecord): readonly Resolving['as'][] {
  if (undo === 'compensation_failed' && !resolution) return ['retry', 'done', 'skip'];
  return undo === undefined && status === 'compensation_failed' ? ['done', 'skip'] : [];
}

/**
 * Records what an operator wants. An execution that has ended as `compensation_failed` goes on from there, and ends again: what was held back
 * goes on with it. Throws NotFoundError (`execution_not_found`) and ConflictError (`not_left`) for what is not left to be undone.
 */
export async function recordResolution(
  { clock, ...sources }: Sources & Pick<EngineDeps, 'clock'>,
  id: ExecutionId,
  asked: Resolving,
  commit: (writes: readonly LedgerWrite[]) => Promise<boolean>,
): Promise<void> {
  const { ledger, definitions } = sources;
  await untilCommitted(`Compensation of ${asked.task}`, async () => {
    const execution = await getExecution(ledger, id);
    const index = await indexOf(definitions, execution);
    const task = decideSaga(index, await ledger.listTasks(id)).residue.find(({ path }) => path === asked.task);
    if (!task || !execution.saga || !actionsOn(execution, task).includes(asked.as)) throw notLeft(id, asked);
    const now = clock.now();
    const changed = change(index, task, asked, now);
    const writes = asked.as === 'retry' ? await tryAgain(ledger, task, now) : [];
    // The execution's own revision: who is about to end it has not seen this, and looks again.
    const goesOn = advanceExecution(execution, { status: 'compensating' }, reopened(execution, asked.by), {
      now,
      after: changed.record.lamport,
    });
    return (await commit([...taskWrites(changed), ...writes, ...executionWrites(goesOn)])) || AGAIN;
  });
}

function reopened({ status }: ExecutionRecord, by: string) {
  const data = { from: status, to: 'compensating', by } as const;
  return status === 'compensating' ? [] : [{ type: 'workflow.status_changed', data } as const];
}

function change(index: PlanIndex, task: TaskRecord, { as, by, reason }: Resolving, now: number) {
  const agent = index.taskAt(task.path).compensate?.agent ?? '';
  switch (as) {
    case 'retry':
      return advanceTask(
        task,
        (record) => ({ ...record, undo: 'compensating' }),
        [{ type: 'task.compensating', data: { agent, by } }],
        { now },
      );
    case 'done':
      return advanceTask(
        task,
        (record) => ({ ...record, undo: 'compensated', resolution: { as: 'done', by, reason } }),
        [{ type: 'task.compensated', data: { by, reason } }],
        { now },
      );
    case 'skip':
      return advanceTask(
        task,
        (record) => ({ ...record, undo: 'compensation_failed', resolution: { as: 'skipped', by, reason } }),
        [{ type: 'task.compensation_skipped', data: { by, reason } }],
        { now },
      );
  }
}

/** The compensation waits to be called again, with as many tries as at first. */
async function tryAgain(
  ledger: EngineDeps['ledger'],
  { execution, path }: TaskRecord,
  now: number,
): Promise<readonly LedgerWrite[]> {
  const record = await ledger.findTask(execution, compensationPath(path));
  if (!record) return [];
  const cause = { kind: 'retry', attempt: record.attempts + 1, at: now, error: record.error?.name ?? '' } as const;
  const again = advanceTask(
    record,
    (failed) => {
      const { error, settledAt, ...rest } = cleared(failed);
      return { ...rest, status: 'parked', cause, parking: failed.parking + 1, triedBefore: failed.attempts };
    },
    [{ type: 'task.parked', data: { cause } }],
    { now },
  );
  return taskWrites(again);
}

async function getExecution(ledger: EngineDeps['ledger'], id: ExecutionId): Promise<ExecutionRecord> {
  const record = await ledger.findExecution(id);
  if (record) return record;
  throw new NotFoundError({ code: 'execution_not_found', message: `There is no execution ${id}.` });
}

async function indexOf(definitions: EngineDeps['definitions'], execution: ExecutionRecord): Promise<PlanIndex> {
  const published = await definitions.find(execution.workflow, execution.version);
  if (published) return indexPlan(published.plan);
  throw new NotFoundError({
    code: 'workflow_not_found',
    message: `Workflow ${execution.workflow} has no published version ${execution.version}.`,
  });
}

function notLeft(id: ExecutionId, { task, as }: Resolving): ConflictError {
  return new ConflictError({
    code: 'not_left',
    message: `There is nothing to ${as === 'retry' ? 'try again' : as === 'done' ? 'call done' : 'skip'} about ${task} of ${id}.`,
    hint: `\`skein compensations ${id}\` lists what is left, and what may be done about it.`,
  });
}
