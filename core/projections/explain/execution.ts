import {
  isSettled,
  taskStatuses,
  type ExecutionRecord,
  type TaskRecord,
  type TaskStatus,
} from '../../execution/index.ts';
import type { TaskPath } from '../../ids/index.ts';
import { explainPause } from './pause.ts';
import { explainCompensated, explainCompensating, explainResidue } from './saga.ts';
import { explainQueue } from './queue.ts';
import { explainStop, timeoutOf } from './stop.ts';
import { explainWaiting } from './waiting.ts';
import { tasksOfRegion } from '../tasks-of-region.ts';
import { link, type Findings } from './explanation.ts';
import { afterFailure, errorPhrase, failureClause, failureLinks, runAgain } from './failure.ts';
import { isInside, type Situation } from './situation.ts';
import { duration, lowerFirst, nameList, quoted } from './wording.ts';

/** Where an execution stands, or how it ended and why. */
export function explainExecution(situation: Situation): Findings {
  const { execution } = situation;
  switch (execution.status) {
    case 'queued':
      return explainQueue(situation, subject(execution));
    case 'planning':
    case 'running':
      return explainProgress(situation);
    case 'paused':
      return explainPause(situation, subject(execution), ` (${tally(situation)})`);
    case 'stopping':
      return explainStop(situation);
    case 'compensating':
      return explainCompensating(situation, subject(execution));
    case 'compensated':
      return explainCompensated(situation, subject(execution));
    case 'compensation_failed':
      return explainResidue(situation, subject(execution));
    case 'succeeded': {
      const took = duration((execution.endedAt ?? situation.now) - execution.startedAt);
      return { chain: [link('', 'succeeded', `${subject(execution)} succeeded in ${took} (${tally(situation)})`)] };
    }
    case 'failed':
      return explainFailed(situation);
    case 'cancelled':
      return explainCancelled(situation);
    case 'timed_out':
      return explainTimedOut(situation);
  }
}

function explainProgress(situation: Situation): Findings {
  const { execution, index } = situation;
  const here =
    execution.status === 'planning'
      ? link('', 'planning', `${subject(execution)} has not started: its machine is not running yet`)
      : link('', 'progress', `${subject(execution)} is running (${tally(situation)})`);
  const slowest = situation.slowest(tasksOfRegion(index, ''));
  if (slowest === undefined) return { chain: [here], next: { what: 'the engine ends the execution', who: 'engine' } };
  const below = explainWaiting(situation, slowest);
  return { ...below, chain: [here, ...below.chain] };
}

function explainFailed(situation: Situation): Findings {
  const { execution } = situation;
  const [first, ...others] = decisiveFailures(situation);
  if (!first) {
    const error = execution.error ? ` with ${errorPhrase(execution.error)}` : '';
    const here = link('', 'failed', `${subject(execution)} failed${error} (${tally(situation)})`);
    const what = 'you fix what the error names and start a new execution';
    return { chain: [here], next: { what, who: 'person', command: runAgain } };
  }
  const clause = failureClause(situation, first);
  const also = others.length > 0 ? `; ${nameList(others.map((task) => task.path))} failed too` : '';
  const here = `${subject(execution)} failed: ${lowerFirst(clause)}${also} (${tally(situation)})`;
  return {
    chain: [link('', 'failed', here), ...failureLinks(situation, first)],
    next: afterFailure(situation, first),
  };
}

/** Failures that failed the execution, the one that stopped it (or that it lies in) or came first at the front. */
function decisiveFailures({ execution, index, find }: Situation): readonly TaskRecord[] {
  const stopper = execution.stopping?.task;
  const hasStopped = (path: TaskPath) => stopper !== undefined && (path === stopper || isInside(stopper, path));
  const rank = ({ path, lamport }: TaskRecord) => (hasStopped(path) ? 0 : lamport);
  return tasksOfRegion(index, '')
    .filter((path) => !index.taskAt(path).continueOnFailure)
    .flatMap((path) => find(path) ?? [])
    .filter((record) => record.status === 'failed')
    .sort((a, b) => rank(a) - rank(b));
}

function explainCancelled(situation: Situation): Findings {
  const { execution } = situation;
  const by = execution.stopping?.by;
  const clause = `${subject(execution)} was cancelled${by === undefined ? '' : ` by ${quoted(by)}`} (${tally(situation)})`;
  const what = 'you start a new execution if its result is still wanted';
  return { chain: [link('', 'cancelled', clause)], next: { what, who: 'person', command: runAgain } };
}

function explainTimedOut(situation: Situation): Findings {
  const { execution } = situation;
  const timeout = duration(timeoutOf(execution));
  const clause = `${subject(execution)} did not end within ${timeout} (${tally(situation)})`;
  const what = `you raise the workflow's ${quoted('timeout')} or give it less to do, and start a new execution`;
  return { chain: [link('', 'timed_out', clause)], next: { what, who: 'person', command: runAgain } };
}

function subject({ id, workflow }: ExecutionRecord): string {
  return `Execution ${quoted(id)} of ${quoted(workflow)}`;
}

/** "3 succeeded, 1 running and 2 pending"; a container and a fan-out count as one task, whatever is inside. */
function tally(situation: Situation): string {
  const statuses = tasksOfRegion(situation.index, '').map((path) => shownStatus(situation, path));
  const parts = taskStatuses.flatMap((status) => {
    const count = statuses.filter((it) => it === status).length;
    return count > 0 ? [`${count} ${status}`] : [];
  });
  return parts.join(', ');
}

function shownStatus({ running, statusOf }: Situation, path: TaskPath): TaskStatus {
  const status = statusOf(path);
  return !isSettled(status) && running.some((live) => isInside(live.path, path)) ? 'running' : status;
}
