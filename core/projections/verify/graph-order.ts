import { decideJoin, itemPathsOf, type Edge, type JoinDecision } from '../../execution/index.ts';
import { taskPath, type TaskPath } from '../../ids/index.ts';
import type { Plan, PlannedTask } from '../../plan/index.ts';
import type { TaskLife } from './task-life.ts';
import type { Report } from './violation.ts';

type Lives = ReadonlyMap<TaskPath, TaskLife>;

/**
 * What a task did is what its join said at that moment: of its dependencies it had seen those whose settlement has a lower
 * clock. So a clock that is too low shows as a task that ran too early.
 */
export function checkGraphOrder(plan: Plan, lives: Lives, report: Report): void {
  for (const task of plan.tasks) {
    const items = itemPathsOf(task);
    for (const path of items.length > 0 ? items : [taskPath(task.id)]) {
      const life = lives.get(path);
      if (life) checkJoin({ plan, lives, task }, life, report);
    }
    if (items.length > 0) checkCollection(lives, taskPath(task.id), items, report);
  }
}

interface Place {
  readonly plan: Plan;
  readonly lives: Lives;
  readonly task: PlannedTask;
}

function checkJoin(place: Place, { path, begun, settled }: TaskLife, report: Report): void {
  const acted = begun ?? settled?.lamport;
  // Cancelled before it began: the execution decided that, not the join.
  if (acted === undefined || (begun === undefined && settled?.status === 'cancelled')) return;
  const decision = joinAt(place, acted);
  const did = begun === undefined ? settled?.status : 'run';
  if (did === 'run' || did === 'failed' || did === 'succeeded') {
    if (decision !== 'run')
      report('started_early', path, `It began at clock ${acted}, when its join said ${decision}.`);
    return;
  }
  const byItself = did === 'skipped' && decision === 'run' && place.task.when !== undefined;
  if (decision !== did && !byItself) {
    report(
      'ended_without_cause',
      path,
      `It ended as ${String(did)} at clock ${acted}, when its join said ${decision}.`,
    );
  }
}

function joinAt({ plan, lives, task }: Place, lamport: number): JoinDecision['kind'] {
  const edges = task.dependsOn.map((dependency): Edge => {
    const settled = lives.get(taskPath(dependency.task))?.settled;
    return { ...dependency, status: settled && settled.lamport < lamport ? settled.status : 'pending' };
  });
  return decideJoin(task.join, edges, plan.onSkip).kind;
}

function checkCollection(lives: Lives, path: TaskPath, items: readonly TaskPath[], report: Report): void {
  const collected = lives.get(path)?.settled;
  if (!collected) return;
  const late = items.find((item) => (lives.get(item)?.settled?.lamport ?? Infinity) >= collected.lamport);
  if (late !== undefined) report('collected_early', path, `It settled before its item ${late}.`);
}
