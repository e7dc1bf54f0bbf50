import { indexPlan, isTerminal, type SkeinEvent, type StoredValue } from '../../execution/index.ts';
import { parseItemPath, taskPath, type TaskPath } from '../../ids/index.ts';
import type { Plan } from '../../plan/index.ts';
import { createViewBuilder } from '../evolve-view.ts';
import type { ExecutionView } from '../execution-view.ts';
import { checkNothingAfterEnd, followExecution, type ExecutionLife } from './execution-life.ts';
import { checkGraphOrder } from './graph-order.ts';
import type { History } from './history.ts';
import { orderPaths, type PathEvents } from './path-order.ts';
import { checkLeaks, checkRecords, checkView } from './stored-truth.ts';
import { followTask, type TaskLife } from './task-life.ts';
import { collectViolations, type Report, type Violation } from './violation.ts';

/**
 * The promises of an execution that its history breaks; none when all hold. What is still running is not held against what
 * only an end shows.
 */
export function verifyHistory(history: History): readonly Violation[] {
  const { found, report } = collectViolations();
  const paths = orderPaths(history.events, report);
  const own = paths.get('') ?? [];
  const execution = followExecution(own, report);
  const lives = followTasks(paths, history.plan, report);
  const ended = hasEnded(history, execution);

  checkNothingAfterEnd(paths, execution, report);
  if (history.plan) checkGraphOrder(history.plan, lives, report);
  if (ended) checkEnding(history, execution, lives, report);
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

function followTasks(paths: PathEvents, plan: Plan | undefined, report: Report): ReadonlyMap<TaskPath, TaskLife> {
  const fanOuts = new Set(plan?.tasks.filter((task) => task.fanOut !== undefined).map((task) => taskPath(task.id)));
  for (const path of paths.keys()) {
    const item = path === '' ? undefined : parseItemPath(path);
    if (item) fanOuts.add(item.container);
  }
  const lives = new Map<TaskPath, TaskLife>();
  for (const [path, events] of paths) {
    if (path !== '') lives.set(path, followTask(path, events, fanOuts.has(path), report));
  }
  return lives;
}

function hasEnded({ records, view }: History, { ended }: ExecutionLife): boolean {
  return [ended?.status, records?.execution.status, view?.status].some(
    (status) => status !== undefined && isTerminal(status),
  );
}

/** An end that was reached is in the history, with every task settled, and it is the right one. */
function checkEnding(
  { plan }: History,
  { ended }: ExecutionLife,
  lives: ReadonlyMap<TaskPath, TaskLife>,
  report: Report,
): void {
  if (!ended) report('never_ended', '', 'The execution has a terminal status, and no workflow.execution_completed.');
  const index = plan && indexPlan(plan);
  for (const path of new Set([...(index?.paths ?? []), ...lives.keys()])) {
    if (!lives.get(path)?.settled)
      report('never_settled', path, 'The execution has ended, and this task has not settled.');
  }
  for (const task of plan?.tasks ?? []) {
    const status = lives.get(taskPath(task.id))?.settled?.status;
    if (ended?.status === 'succeeded' && status === 'failed' && !task.continueOnFailure) {
      report('wrong_ending', '', `It succeeded although ${task.id} failed.`);
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
