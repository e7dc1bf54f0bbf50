import {
  decideSaga,
  isBefore,
  undoSet,
  untouchedTask,
  type PlanIndex,
  type TaskRecord,
} from '../../execution/index.ts';
import { compensationPath, parseCompensationPath, type ExecutionId, type TaskPath } from '../../ids/index.ts';
import type { SkeinEvent } from '../../execution/index.ts';
import type { ExecutionLife } from './execution-life.ts';
import type { Lives } from './places.ts';
import type { TaskLife } from './task-life.ts';
import type { Report } from './violation.ts';

interface Undoing {
  readonly index: PlanIndex;
  /** Of all tasks and compensations. */
  readonly lives: Lives;
  readonly execution: ExecutionLife;
}

/**
 * What was done is undone in order: nothing goes forward once it has begun, each task is undone after all that came after it, by a
 * compensation that has answered, and the end says whether anything is left.
 */
export function checkSaga({ index, lives, execution }: Undoing, report: Report): void {
  const [first] = lives.values();
  const id = first?.events[0]?.execution;
  if (!id) return;
  const undoings = [...lives.values()].flatMap((life) => undoingOf(life) ?? []);
  for (const { path } of undoings)
    if (execution.undoing === undefined)
      report('undone_wrongly', path, 'It was undone, and its execution never said that it undoes anything.');
  checkNothingForward({ lives, execution }, report);
  const records = settledAs(id, lives);
  const set = new Set(undoSet(index, records).map(({ path }) => path));
  for (const undoing of undoings) {
    if (!set.has(undoing.path))
      report('undone_wrongly', undoing.path, 'It was undone, and nothing says that it has to be.');
    checkOrder(index, undoing, undoings, report);
    checkAnswer(lives, undoing, report);
  }
  checkVerdict(decideSaga(index, records).residue, execution, report);
}

/** When a task was undone, by the clocks of its own events. */
interface Undone {
  readonly path: TaskPath;
  readonly from: number;
  to?: number;
  status?: 'compensated' | 'compensation_failed';
  byHand?: boolean;
}

function undoingOf({ path, events }: TaskLife): Undone | undefined {
  let undone: Undone | undefined;
  for (const event of events) {
    if (event.type === 'task.compensating') undone = { path, from: undone?.from ?? event.lamport };
    if (event.type === 'task.compensated' || event.type === 'task.compensation_failed') {
      const status = event.type === 'task.compensated' ? 'compensated' : 'compensation_failed';
      const byHand = event.type === 'task.compensated' && event.data.by !== undefined;
      undone = { path, from: undone?.from ?? event.lamport, to: event.lamport, status, byHand };
    }
  }
  return undone;
}

/** No attempt of a task begins after its execution has begun to undo. */
function checkNothingForward({ lives, execution }: Pick<Undoing, 'lives' | 'execution'>, report: Report): void {
  const { undoing } = execution;
  if (undoing === undefined) return;
  for (const { path, events } of lives.values()) {
    if (parseCompensationPath(path) !== undefined) continue;
    const late = events.find((event) => isForward(event) && event.lamport > undoing);
    if (late)
      report(
        'forward_while_undoing',
        path,
        `${late.type} (clock ${late.lamport}) came after the saga began (clock ${undoing}).`,
      );
  }
}

function isForward({ type }: SkeinEvent): boolean {
  return type === 'task.assigned' || type === 'task.opened' || type === 'task.completed' || type === 'task.failed';
}

function checkOrder(index: PlanIndex, { path, from }: Undone, all: readonly Undone[], report: Report): void {
  for (const other of all) {
    if (other.to !== undefined && other.to < from) continue;
    if (isBefore(index, path, other.path))
      report('undone_early', path, `It began to be undone before ${other.path}, which comes after it, was undone.`);
  }
}

function checkAnswer(lives: Lives, { path, status, byHand }: Undone, report: Report): void {
  if (status !== 'compensated' || byHand === true) return;
  const ended = lives.get(compensationPath(path))?.settled;
  if (ended?.status !== 'succeeded')
    report('undone_wrongly', path, `It counts as undone, and its compensation is ${ended?.status ?? 'not settled'}.`);
}

function checkVerdict(residue: readonly TaskRecord[], { ended }: ExecutionLife, report: Report): void {
  const [first] = residue;
  if (ended?.status === 'compensated' && first)
    report('wrong_ending', '', `It ended as compensated although ${first.path} was not undone.`);
}

/** The records as the rules of the saga take them. */
function settledAs(execution: ExecutionId, lives: Lives): readonly TaskRecord[] {
  return [...lives.values()].flatMap((life) => {
    const { path, attempts, settled } = life;
    if (!settled) return [];
    const undo = undoingOf(life)?.status;
    const task = { ...untouchedTask(execution, path), status: settled.status, attempts, lamport: settled.lamport };
    return [{ ...task, ...(undo && { undo }) }];
  });
}
