import { decideJoin, isSettled, type Attempt, type Cause, type TaskRecord } from '../../execution/index.ts';
import { taskPath, type TaskPath } from '../../ids/index.ts';
import type { Join } from '../../plan/index.ts';
import { explainStop, lastMoment } from './stop.ts';
import { link, type CauseLink, type Findings, type NextStep } from './explanation.ts';
import { itemsOf, type Situation } from './situation.ts';
import { duration, moment, nameList, quoted } from './wording.ts';

/** A cause that leads on to another task, or the root. */
type Step =
  | { readonly link: CauseLink; readonly because: TaskPath }
  | { readonly link: CauseLink; readonly next: NextStep }
  | { readonly link: CauseLink; readonly stop: true };

/**
 * Follows the causes of an unsettled task down to what must happen next. Where a task waits for several, it follows the one
 * that holds it up longest. It ends: a step leads to an item, to something upstream or to a live attempt.
 */
export function explainWaiting(situation: Situation, path: TaskPath): Findings {
  const chain: CauseLink[] = [];
  for (let at = path; ;) {
    const step = stepFrom(situation, at);
    chain.push(step.link);
    if ('next' in step) return { chain, next: step.next };
    if ('stop' in step) {
      const stop = explainStop(situation);
      return { ...stop, chain: [...chain, ...stop.chain] };
    }
    at = step.because;
  }
}

function stepFrom(situation: Situation, path: TaskPath): Step {
  const record = situation.find(path);
  if (record?.attempt) return runningStep(situation, record, record.attempt);
  const items = itemsOf(situation, path) ?? [];
  const isLive = items.some((item) => situation.find(item)?.attempt);
  if (situation.execution.stopping && !isLive) {
    const clause = `Task ${quoted(path)} is not running and will be cancelled, because the execution is stopping`;
    return { link: link(path, 'stopping', clause), stop: true };
  }
  if (items.some((item) => hasBegun(situation.find(item)))) return itemsStep(situation, path, items);
  switch (record?.cause?.kind) {
    case 'retry':
      return retryStep(situation, path, record.cause);
    case 'concurrency':
      return concurrencyStep(situation, path, record.cause);
    default:
      return dependencyStep(situation, path);
  }
}

/** An item that waits for dependencies waits for those of its fan-out. */
function hasBegun(record: TaskRecord | undefined): boolean {
  return record !== undefined && record.cause?.kind !== 'dependency';
}

function runningStep(situation: Situation, record: TaskRecord, attempt: Attempt): Step {
  const { path } = record;
  const { agent, retry } = situation.index.taskAt(path);
  const tries = `attempt ${attempt.number} of ${retry.maxAttempts}`;
  if (attempt.state === 'intended') {
    const clause = `Task ${quoted(path)} is about to run: agent ${quoted(agent)} is being called for ${tries}`;
    const what = `the engine hands attempt ${attempt.number} of ${quoted(path)} to agent ${quoted(agent)}`;
    return { link: link(path, 'running', clause), next: { what, who: 'engine' } };
  }
  const worked = duration(situation.now - attempt.startedAt);
  const clause = `Task ${quoted(path)} is running: agent ${quoted(agent)} has worked on ${tries} for ${worked}`;
  const what = `agent ${quoted(agent)} must answer attempt ${attempt.number} of ${quoted(path)} by ${moment(lastMoment(situation, attempt), situation.now)}`;
  return { link: link(path, 'running', clause), next: { what, who: 'agent' } };
}

function itemsStep(situation: Situation, path: TaskPath, items: readonly TaskPath[]): Step {
  const open = items.filter((item) => !isSettled(situation.statusOf(item)));
  const first = open.find((item) => situation.find(item)?.attempt) ?? open[0];
  // The last item has settled, and whoever settled it collects the fan-out in the next moment.
  if (first === undefined) return dispatchStep(situation, path);
  const settled = items.length - open.length;
  const clause = `Fan-out ${quoted(path)} has settled ${settled} of its ${items.length} items and waits for ${nameList(open)}`;
  return { link: link(path, 'items', clause), because: first };
}

function retryStep({ index, now }: Situation, path: TaskPath, cause: Extract<Cause, { kind: 'retry' }>): Step {
  const { maxAttempts } = index.taskAt(path).retry;
  const clause = `Task ${quoted(path)} waits to be tried again after ${quoted(cause.error)}`;
  const what = `the engine starts attempt ${cause.attempt} of ${maxAttempts} of ${quoted(path)} at ${moment(cause.at, now)}`;
  return { link: link(path, 'retry', clause), next: { what, who: 'engine' } };
}

function concurrencyStep(situation: Situation, path: TaskPath, cause: Extract<Cause, { kind: 'concurrency' }>): Step {
  const holders = situation.running.map((record) => record.path);
  const place = cause.size === 1 ? 'the only place' : `one of the ${cause.size} places`;
  const clause = `Task ${quoted(path)} waits for ${place} of ${quoted(cause.limit)}`;
  const [first] = holders;
  if (first !== undefined) {
    return { link: link(path, 'concurrency', `${clause}, held by ${nameList(holders)}`), because: first };
  }
  // Workers are shared by all executions of a process, and only this one's tasks are known here.
  const what = `the task of another execution that holds a place of ${quoted(cause.limit)} must settle`;
  return { link: link(path, 'concurrency', `${clause}, held by other executions`), next: { what, who: 'agent' } };
}

function dependencyStep(situation: Situation, path: TaskPath): Step {
  const { index, plan } = situation;
  const task = index.taskAt(path);
  const edges = situation.edgesOf(task);
  const open = edges.filter((edge) => !isSettled(edge.status)).map((edge) => edge.task);
  const waits = decideJoin(task.join, edges, plan.onSkip).kind === 'wait';
  const slowest = situation.slowest(waits ? open : [...index.upstreamOf(task.id)]);
  if (slowest === undefined) return dispatchStep(situation, path);
  const clause = waits
    ? `Task ${quoted(path)} waits for ${awaited(task.join, [slowest, ...open.filter((id) => id !== slowest)])}`
    : `Task ${quoted(path)} waits for nothing of its own, but the machine reaches it only after ${quoted(slowest)}`;
  return { link: link(path, waits ? 'dependency' : 'structure', clause), because: taskPath(slowest) };
}

function awaited(join: Join, open: readonly string[]): string {
  const names = nameList([...new Set(open)]);
  if (join === 'any_success') return `the first success among ${names}`;
  return typeof join === 'object' ? `${join.quorum} successes, with ${names} still open` : names;
}

function dispatchStep({ execution }: Situation, path: TaskPath): Step {
  const clause = `Task ${quoted(path)} has nothing left to wait for`;
  const what =
    execution.status === 'planning'
      ? `the engine starts the machine of execution ${quoted(execution.id)}`
      : `the engine dispatches ${quoted(path)}`;
  return { link: link(path, 'dispatch', clause), next: { what, who: 'engine' } };
}
