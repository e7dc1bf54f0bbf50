import { indexPlan, isTerminal, type PlanIndex, type SkeinEvent, type StoredValue } from '../../execution/index.ts';
import { parseCompensationPath, taskIdOf, taskPath, type TaskPath } from '../../ids/index.ts';
import { createViewBuilder } from '../evolve-view.ts';
import type { ExecutionView } from '../execution-view.ts';
import { checkAgainstPlan } from './against-plan.ts';
import { checkSaga } from './saga.ts';
import { checkNothingAfterEnd, followExecution, type ExecutionLife } from './execution-life.ts';
import type { History } from './history.ts';
import { checkPauses } from './pauses.ts';
import { orderPaths, type PathEvents } from './path-order.ts';
import type { Lives } from './places.ts';
import { checkLeaks, checkRecords, checkView } from './stored-truth.ts';
import { followTask, type TaskLife } from './task-life.ts';
import { workAt } from './task-work.ts';
import { collectViolations, type Report, type Violation } from './violation.ts';

/**
 * The promises of an execution that its history breaks; none when all hold. What is still running is not held against what
 * only an end shows.
 */
export function verifyHistory(history: History): readonly Violation[] {
  const { found, report } = collectViolations();
  const index = history.plan && indexPlan(history.plan);
  const paths = orderPaths(history.events, report);
  const own = paths.get('') ?? [];
  const execution = followExecution(own, report);
  const lives = followTasks(paths, index, report);
  const ended = hasEnded(history, execution);

  checkPauses(lives, execution.pauses, report);
  checkNothingAfterEnd(paths, execution, report);
  if (index) checkSaga({ index, lives, execution }, report);
  const places =
    index && checkAgainstPlan(history, { index, lives: forwardLives(lives), ended: execution.ended }, report);
  const expected = execution.neverBegan ? [] : places?.map(({ path }) => path);
  if (ended) checkEnding(execution, { lives, expected: expected ?? [...lives.keys()] }, report);
  if (history.blobs) checkValues(paths, history.blobs, report);
  if (own[0]?.type !== 'workflow.execution_started') {
    report('history_without_start', '', 'The history does not begin with workflow.execution_started.');
    return found;
  }
  const view = foldPaths(paths);
  if (history.view) checkView({ stored: history.view, folded: view, ended }, report);
  if (history.records) checkRecords(history.records, { view, paths, ended }, report);
  if (history.records && ended) checkLeaks(history.records, report);
  return found;
}

/** Events at a path that the plan cannot have are told apart, and left out of everything else. */
function followTasks(paths: PathEvents, index: PlanIndex | undefined, report: Report): Lives {
  const ids = new Set(index?.plan.tasks.map(({ id }) => id));
  const lives = new Map<TaskPath, TaskLife>();
  for (const [path, events] of paths) {
    if (path === '') continue;
    const isForeign = index && path.split('/').some((segment) => !ids.has(taskIdOf(taskPath(segment))));
    if (isForeign) report('foreign_event', path, `It has ${events.length} events, and the plan has no such task.`);
    else lives.set(path, followTask(path, events, index && workAt(path, index.taskAt(path)), report));
  }
  return lives;
}

function forwardLives(lives: Lives): Lives {
  return new Map([...lives].filter(([path]) => parseCompensationPath(path) === undefined));
}

function hasEnded({ records, view }: History, { ended }: ExecutionLife): boolean {
  return [ended?.status, records?.execution.status, view?.status].some(
    (status) => status !== undefined && isTerminal(status),
  );
}

interface Settling {
  readonly lives: Lives;
  /** Tasks that have to have settled. */
  readonly expected: readonly TaskPath[];
}

/** An end that was reached is in the history, with every task settled. */
function checkEnding({ ended }: ExecutionLife, { lives, expected }: Settling, report: Report): void {
  if (!ended) report('never_ended', '', 'The execution has a terminal status, and no workflow.execution_completed.');
  for (const path of expected) {
    if (!lives.get(path)?.settled) {
      report('never_settled', path, 'The execution has ended, and this task has not settled.');
    }
  }
}

function checkValues(paths: PathEvents, blobs: ReadonlySet<string>, report: Report): void {
  for (const [path, events] of paths) {
    for (const event of events) {
      for (const value of valuesOf(event)) {
        if ('blob' in value && !blobs.has(value.blob))
          report('value_missing', path, `${event.type} refers to ${value.blob}, which is not stored.`);
      }
    }
  }
}

function valuesOf(event: SkeinEvent): readonly StoredValue[] {
  switch (event.type) {
    case 'workflow.execution_started':
      return [event.data.input];
    case 'task.completed':
      return [event.data.output];
    case 'workflow.checkpoint_created':
      return [event.data.snapshot];
    case 'workflow.execution_completed':
      return event.data.output ? [event.data.output] : [];
    default:
      return [];
  }
}

/** The execution's own events first, then path by path: the same view as in the sorted order, without sorting all. */
function foldPaths(paths: PathEvents): ExecutionView {
  const builder = createViewBuilder();
  for (const event of paths.get('') ?? []) builder.add(event);
  for (const [path, events] of paths) {
    if (path !== '') for (const event of events) builder.add(event);
  }
  return builder.view();
}
