import type { PlanIndex } from '../../execution/index.ts';
import type { TaskPath } from '../../ids/index.ts';
import { tasksOfRegion } from '../tasks-of-region.ts';
import { checkBudget } from './budget.ts';
import { checkChild } from './children.ts';
import { checkContainers } from './containers.ts';
import type { ExecutionLife } from './execution-life.ts';
import { checkGraphOrder } from './graph-order.ts';
import type { History } from './history.ts';
import { checkLimits } from './limits.ts';
import { itemsByContainer, placesOf, type Lives, type Place } from './places.ts';
import { checkRates } from './rates.ts';
import type { Report } from './violation.ts';
import { checkEmit, checkPublished, checkWait } from './waits.ts';

interface Lived {
  readonly index: PlanIndex;
  readonly lives: Lives;
  readonly ended: ExecutionLife['ended'];
}

/** Holds what the tasks did against the plan. Gives the places where a task has to be. */
export function checkAgainstPlan(history: History, lived: Lived, report: Report): readonly Place[] {
  const { index, lives } = lived;
  const places = placesOf(index, lives);
  const [first] = history.events;
  if (!first) return places;
  checkGraphOrder(index.plan, lives, places, report);
  checkContainers({ execution: first.execution, index, lives, items: itemsByContainer(lives), report }, places);
  checkStrays(lived, places, report);
  checkLimits(index, lives, report);
  checkRates(index, lives, report);
  checkBudget(history, { index, lives, hasEnded: lived.ended !== undefined }, report);
  checkOutside(history, { lives, places }, report);
  checkVerdict(lived, report);
  return places;
}

/**
 * Who is in no place is a member of something that never opened, or a call that there should not be: there is nothing to do for it. What a
 * stop cancels has no clock to speak of: while the execution goes on, the opening may be an event that is not yet among these.
 */
function checkStrays({ lives, ended }: Lived, places: readonly Place[], report: Report): void {
  const known = new Set(places.map(({ path }) => path));
  for (const { path, begun, settled } of lives.values()) {
    const isCancelled = settled?.status === 'cancelled' && !ended;
    const acted = begun !== undefined || (settled && !isCancelled);
    if (known.has(path) || !acted) continue;
    report('acted_before_opening', path, 'It acted, and nothing around it had opened for it.');
  }
}

interface Scene {
  readonly lives: Lives;
  readonly places: readonly Place[];
}

/** What tasks have to do with something outside of their execution: a time, an event, a child. */
function checkOutside({ events, records }: History, { lives, places }: Scene, report: Report): void {
  const start = events.find((event) => event.type === 'workflow.execution_started');
  if (!start) return;
  const { execution, time: startedAt } = start;
  const inputs = new Map(records?.tasks.map(({ path, input }) => [path, input]));
  for (const { path, task } of places) {
    const life = lives.get(path);
    if (!life) continue;
    const pattern = inputs.get(path);
    if (task.kind === 'wait') checkWait(task, { life, startedAt, ...(pattern && { pattern }) }, report);
    if (task.kind === 'emit') checkEmit(task, execution, life, report);
    if (task.kind === 'workflow') checkChild(execution, life, records?.children, report);
  }
  if (!records?.published) return;
  const emits = places.filter(({ task }) => task.kind === 'emit').flatMap(({ path }) => lives.get(path) ?? []);
  checkPublished(execution, emits, records.published, report);
}

/** A success has no failure in the outermost region that was not allowed. */
function checkVerdict({ index, lives, ended }: Lived, report: Report): void {
  if (ended?.status !== 'succeeded') return;
  const isFailure = (path: TaskPath): boolean => lives.get(path)?.settled?.status === 'failed';
  for (const path of tasksOfRegion(index, '')) {
    if (isFailure(path) && !index.taskAt(path).continueOnFailure) {
      report('wrong_ending', '', `It succeeded although ${path} failed.`);
    }
  }
}
