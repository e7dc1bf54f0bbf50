import { assertNever } from '../../errors/index.ts';
import { decideJoin, isSettled, type Cause, type TaskRecord } from '../../execution/index.ts';
import { memberPath, parseCompensationPath, regionOf, type TaskPath } from '../../ids/index.ts';
import type { Join } from '../../plan/index.ts';
import {
  breakerStep,
  concurrencyStep,
  poolStep,
  rateStep,
  retryStep,
  runningStep,
  sameCallStep,
} from './agent-steps.ts';
import { approvalStep } from './approval-steps.ts';
import { budgetStep } from './budget-steps.ts';
import { insideStep, keeperOf, keptStep } from './container-steps.ts';
import { explainEnding, hasSettled } from './ending.ts';
import { link, type CauseLink, type Findings, type NextStep } from './explanation.ts';
import { isInside, subjectOf, type Situation } from './situation.ts';
import type { Step } from './step.ts';
import { explainPause } from './pause.ts';
import { explainStop } from './stop.ts';
import { childStep, eventStep, scheduleStep } from './wait-steps.ts';
import { nameList, quoted } from './wording.ts';

/**
 * Follows the causes of an unsettled task down to what must happen next. Where a task waits for several, it follows the one
 * that holds it up longest. It ends: a step leads inwards, to something upstream or around it that is not open, or to a root.
 */
export function explainWaiting(situation: Situation, path: TaskPath): Findings {
  const chain: CauseLink[] = [];
  for (let at = path; ;) {
    const step = stepFrom(situation, at);
    chain.push(step.link);
    if ('next' in step)
      return step.next.who === 'engine' ? keptByPause(situation, chain, step.next) : { chain, next: step.next };
    if ('because' in step) {
      at = step.because;
      continue;
    }
    const rest = 'stop' in step ? explainStop(situation) : endingAt(situation, step.ended);
    return { ...rest, chain: [...chain, ...rest.chain] };
  }
}

/** What the engine would do next, it does not do while the execution is paused. */
function keptByPause(situation: Situation, chain: readonly CauseLink[], next: NextStep): Findings {
  const { execution } = situation;
  if (!execution.paused) return { chain, next };
  const rest = explainPause(situation, `Execution ${quoted(execution.id)}`);
  return { ...rest, chain: [...chain, ...rest.chain] };
}

function endingAt(situation: Situation, path: TaskPath): Findings {
  const record = situation.find(path);
  return hasSettled(record) ? explainEnding(situation, record) : { chain: [] };
}

type ParkedTask = TaskRecord & { readonly cause: Cause };

function stepFrom(situation: Situation, path: TaskPath): Step {
  const { execution, running } = situation;
  const record = situation.find(path);
  if (record?.attempt) return runningStep(situation, record, record.attempt);
  if (record?.child !== undefined) return childStep(situation, path, record.child);
  // It depends on nothing any more, and no stop reaches it.
  if (parseCompensationPath(path) !== undefined)
    return record?.cause
      ? parkedStep(situation, path, { ...record, cause: record.cause })
      : dispatchStep(situation, path);
  const keeper = keeperOf(situation, path);
  if (keeper?.kind === 'settled') return keptStep(situation, path, keeper);
  if (execution.stopping && !running.some((live) => isInside(live.path, path))) {
    const clause = `${subjectOf(situation, path)} is not running and will be cancelled, because the execution is stopping`;
    return { link: link(path, 'stopping', clause), stop: true };
  }
  if (keeper) return keptStep(situation, path, keeper);
  const inside = insideStep(situation, path);
  if (inside) return inside;
  return record?.cause
    ? parkedStep(situation, path, { ...record, cause: record.cause })
    : dependencyStep(situation, path);
}

function parkedStep(situation: Situation, path: TaskPath, { cause, patience, queued }: ParkedTask): Step {
  switch (cause.kind) {
    case 'dependency':
      return dependencyStep(situation, path);
    case 'pause': {
      const next = { what: `the engine dispatches ${quoted(path)}`, who: 'engine' } as const;
      return { link: link(path, 'paused', `${subjectOf(situation, path)} is kept back by a pause`), next };
    }
    case 'retry':
      return retryStep(situation, path, cause);
    case 'concurrency':
      return concurrencyStep(situation, path, cause);
    case 'breaker':
      return breakerStep(situation, path, cause);
    case 'pool':
      return poolStep(situation, path, cause, patience);
    case 'rate':
      return rateStep(situation, path, cause);
    case 'same_call':
      return sameCallStep(situation, path, cause, queued);
    case 'budget':
      return budgetStep(situation, path, cause);
    case 'approval':
      return approvalStep(situation, path, cause);
    case 'schedule':
      return scheduleStep(situation, path, cause);
    case 'event':
      return eventStep(situation, path, cause);
    default:
      return assertNever(cause, 'Cause');
  }
}

function dependencyStep(situation: Situation, path: TaskPath): Step {
  const { index, plan } = situation;
  const task = index.taskAt(path);
  const edges = situation.edgesOf(path);
  const sibling = (id: string): TaskPath => memberPath(regionOf(path), id);
  const open = edges.filter((edge) => !isSettled(edge.status)).map((edge) => sibling(edge.task));
  const waits = decideJoin(task.join, edges, plan.onSkip).kind === 'wait';
  const slowest = situation.slowest(waits ? open : [...index.upstreamOf(task.id)].map(sibling));
  if (slowest === undefined) return dispatchStep(situation, path);
  const subject = subjectOf(situation, path);
  const clause = waits
    ? `${subject} waits for ${awaited(task.join, [slowest, ...open.filter((it) => it !== slowest)])}`
    : `${subject} waits for nothing of its own, but the machine reaches it only after ${quoted(slowest)}`;
  return { link: link(path, waits ? 'dependency' : 'structure', clause), because: slowest };
}

function awaited(join: Join, open: readonly TaskPath[]): string {
  const names = nameList([...new Set(open)]);
  if (join === 'any_success') return `the first success among ${names}`;
  return typeof join === 'object' ? `${join.quorum} successes, with ${names} still open` : names;
}

function dispatchStep(situation: Situation, path: TaskPath): Step {
  const { execution } = situation;
  const clause = `${subjectOf(situation, path)} has nothing left to wait for`;
  const what =
    execution.status === 'planning'
      ? `the engine starts the machine of execution ${quoted(execution.id)}`
      : `the engine dispatches ${quoted(path)}`;
  return { link: link(path, 'dispatch', clause), next: { what, who: 'engine' } };
}
