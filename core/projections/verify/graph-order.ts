import { decideJoin, itemPathsOf, type Edge, type JoinDecision } from '../../execution/index.ts';
import { memberPath, parseItemPath, regionOf } from '../../ids/index.ts';
import type { Plan } from '../../plan/index.ts';
import type { Lives, Place } from './places.ts';
import type { TaskLife } from './task-life.ts';
import type { Report } from './violation.ts';

/**
 * What a task did is what its join said at that moment: of its dependencies it had seen those whose settlement has a lower
 * clock. So a clock that is too low shows as a task that ran too early. A call has no join of its own: its `for_each` had it; and the
 * items of a static fan-out join each by itself, while the whole only ends as they do.
 */
export function checkGraphOrder(plan: Plan, lives: Lives, places: readonly Place[], report: Report): void {
  for (const place of places) {
    const life = lives.get(place.path);
    const isCall = parseItemPath(place.path) !== undefined && 'forEach' in place.task;
    const isFanOut = itemPathsOf(place.path, place.task).length > 0;
    if (life && !isCall && !isFanOut) checkJoin({ plan, lives, place }, life, report);
  }
}

interface Judged {
  readonly plan: Plan;
  readonly lives: Lives;
  readonly place: Place;
}

function checkJoin(judged: Judged, { path, begun, settled, intervened }: TaskLife, report: Report): void {
  const acted = begun ?? settled?.lamport;
  // Cancelled before it began: the execution decided that, not the join.
  if (acted === undefined || (begun === undefined && settled?.status === 'cancelled')) return;
  const decision = joinAt(judged, acted);
  const did = begun === undefined ? settled?.status : 'run';
  if (did === 'run' || did === 'failed' || did === 'succeeded') {
    if (decision !== 'run')
      report('started_early', path, `It began at clock ${acted}, when its join said ${decision}.`);
    return;
  }
  const maySkip = judged.place.task.when !== undefined || intervened === 'skip';
  const byItself = did === 'skipped' && decision === 'run' && maySkip;
  if (decision !== did && !byItself) {
    report(
      'ended_without_cause',
      path,
      `It ended as ${String(did)} at clock ${acted}, when its join said ${decision}.`,
    );
  }
}

function joinAt({ plan, lives, place: { path, task } }: Judged, lamport: number): JoinDecision['kind'] {
  const edges = task.dependsOn.map((dependency): Edge => {
    const settled = lives.get(memberPath(regionOf(path), dependency.task))?.settled;
    return { ...dependency, status: settled && settled.lamport < lamport ? settled.status : 'pending' };
  });
  return decideJoin(task.join, edges, plan.onSkip).kind;
}
