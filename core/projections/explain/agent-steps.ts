import { cacheKey, type Attempt, type Cause, type Patience, type TaskRecord } from '../../execution/index.ts';
import { taskPath, type ApprovalId, type TaskPath } from '../../ids/index.ts';
import { link } from './explanation.ts';
import { isInside, subjectOf, type Situation } from './situation.ts';
import type { Step } from './step.ts';
import { lastMoment } from './stop.ts';
import { duration, moment, nameList, quoted } from './wording.ts';

/** An agent works on it, or is about to. */
export function runningStep(situation: Situation, record: TaskRecord, attempt: Attempt): Step {
  const { path } = record;
  const { agent, retry } = situation.index.agentAt(path);
  if (attempt.approval !== undefined) return personStep(situation, path, { ...attempt, approval: attempt.approval });
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

function personStep(situation: Situation, path: TaskPath, attempt: Attempt & { readonly approval: ApprovalId }): Step {
  const { agent } = situation.index.agentAt(path);
  const clause = `Task ${quoted(path)} waits for the decision of ${quoted(agent)}, a person who was asked ${duration(situation.now - attempt.startedAt)} ago`;
  const what = `somebody must decide by ${moment(lastMoment(situation, attempt), situation.now)}`;
  const command = `skein approve ${attempt.approval}`;
  return { link: link(path, 'approval', clause), next: { what, who: 'person', command } };
}

export function retryStep({ index, now }: Situation, path: TaskPath, cause: Extract<Cause, { kind: 'retry' }>): Step {
  const { maxAttempts } = index.agentAt(path).retry;
  const clause = `Task ${quoted(path)} waits to be tried again after ${quoted(cause.error)}`;
  const what = `the engine starts attempt ${cause.attempt} of ${maxAttempts} of ${quoted(path)} at ${moment(cause.at, now)}`;
  return { link: link(path, 'retry', clause), next: { what, who: 'engine' } };
}

export function breakerStep(
  { now }: Situation,
  path: TaskPath,
  { agent, until }: Extract<Cause, { kind: 'breaker' }>,
): Step {
  const clause = `Task ${quoted(path)} waits for the breaker of ${quoted(agent)}, because calls of it have failed`;
  const what = `the engine tries ${quoted(agent)} again at ${moment(until, now)}, or somebody who knows that it is well closes its breaker`;
  return {
    link: link(path, 'breaker', clause),
    next: { what, who: 'engine', command: `skein breakers reset ${agent}` },
  };
}

export function rateStep(
  situation: Situation,
  path: TaskPath,
  { agent, calls, per, at }: Extract<Cause, { kind: 'rate' }>,
): Step {
  const often = calls === 1 ? 'once' : `${calls} times`;
  const clause = `${subjectOf(situation, path)} waits for its turn, because ${quoted(agent)} is called ${often} in ${duration(per * 1000)} at most`;
  const what = `the engine calls ${quoted(agent)} for ${quoted(path)} at ${moment(at, situation.now)}, unless tasks with more priority come before it`;
  return { link: link(path, 'rate', clause), next: { what, who: 'engine' } };
}

/** Its slots may be held by tasks of this execution and of others. */
export function poolStep(
  situation: Situation,
  path: TaskPath,
  { pool, capacity, position }: Extract<Cause, { kind: 'pool' }>,
  patience: Patience | undefined,
): Step {
  const slots = capacity === 1 ? 'the only slot' : `one of the ${capacity} slots`;
  const clause = `${subjectOf(situation, path)} waits for ${slots} of pool ${quoted(pool)}: it came as number ${position} of its queue`;
  const holders = situation.running.filter(({ attempt }) => attempt?.holds?.pool?.pool === pool);
  const [first] = holders;
  if (first) {
    const names = nameList(holders.map((holder) => holder.path));
    return {
      link: link(
        path,
        'pool',
        `${clause}, and of this execution ${names} ${holders.length === 1 ? 'holds' : 'hold'} one`,
      ),
      because: first.path,
    };
  }
  const end = patience && 'until' in patience ? ` before ${moment(patience.until, situation.now)}, or it fails` : '';
  const what = `a task of another execution must give back a slot of ${quoted(pool)}${end}`;
  return {
    link: link(path, 'pool', `${clause}, and other executions hold all of them`),
    next: { what, who: 'agent' },
  };
}

/** Who makes the call is known where that is a task of this execution; who has taken over in another one, only there. */
export function sameCallStep(
  situation: Situation,
  path: TaskPath,
  { execution, task, until }: Extract<Cause, { kind: 'same_call' }>,
  queued: TaskRecord['queued'],
): Step {
  const subject = subjectOf(situation, path);
  const caller = situation.running.find(
    ({ attempt }) => queued !== undefined && attempt?.holds?.cache && cacheKey(attempt.holds.cache.key) === queued.key,
  );
  if (caller) {
    const clause = `${subject} waits for the answer to the same call, which ${quoted(caller.path)} makes`;
    return { link: link(path, 'same_call', clause), because: caller.path };
  }
  const clause = `${subject} waits for the answer to the same call, which ${quoted(task)} of execution ${quoted(execution)} makes, or whoever has taken over from it`;
  const what = `that call must be answered before ${moment(until, situation.now)}, or another task makes it`;
  return { link: link(path, 'same_call', clause), next: { what, who: 'agent', command: `skein explain ${execution}` } };
}

export function concurrencyStep(
  situation: Situation,
  path: TaskPath,
  { limit, size }: Extract<Cause, { kind: 'concurrency' }>,
): Step {
  const holders = situation.running
    .filter((record) => record.attempt && mayHold(limit, record.path))
    .map((it) => it.path);
  const place = size === 1 ? 'the only place' : `one of the ${size} places`;
  const clause = `${subjectOf(situation, path)} waits for ${place} of ${quoted(limit)}`;
  const [first] = holders;
  if (first !== undefined) {
    return { link: link(path, 'concurrency', `${clause}, held by ${nameList(holders)}`), because: first };
  }
  // Workers are shared by all executions of a process, and only this one's tasks are known here.
  const what = `the task of another execution that holds a place of ${quoted(limit)} must settle`;
  return { link: link(path, 'concurrency', `${clause}, held by other executions`), next: { what, who: 'agent' } };
}

/** The limit of a group, named `<group>.max_parallel`, is held by tasks inside of it; any other one by any task. */
function mayHold(limit: string, path: TaskPath): boolean {
  const dot = limit.indexOf('.');
  return dot === -1 || isInside(path, taskPath(limit.slice(0, dot)));
}
