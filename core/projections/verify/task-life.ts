import type { KnownErrorName } from '../../errors/index.ts';
import { settlingEvents, type ManualAction, type SettledTaskStatus, type SkeinEvent } from '../../execution/index.ts';
import { parseCompensationPath, type ExecutionId, type TaskPath } from '../../ids/index.ts';
import { opens, type Work } from './task-work.ts';
import type { AnomalyName, Report } from './violation.ts';

/** What a task's own events say. */
export interface TaskLife {
  readonly path: TaskPath;
  /** Clock of the first thing that it did itself: an attempt, its opening, the start of its child, the waiting of a wait. */
  readonly begun?: number;
  readonly attempts: number;
  /** Of a container, in their order. */
  readonly openings: readonly Opening[];
  readonly child?: ExecutionId;
  /** What somebody has done to it by hand last. */
  readonly intervened?: ManualAction;
  readonly settled?: { readonly status: SettledTaskStatus; readonly lamport: number; readonly event: SettlingEvent };
  readonly events: readonly SkeinEvent[];
}

export type Opening = Extract<SkeinEvent, { type: 'task.opened' }>;

export type SettlingEvent = Extract<SkeinEvent, { type: (typeof settlingEvents)[SettledTaskStatus] }>;

/** The life so far; one attempt at a time may be alive. */
interface Life extends TaskLife {
  begun?: number;
  attempts: number;
  readonly openings: Opening[];
  child?: ExecutionId;
  intervened?: ManualAction;
  alive: boolean;
  /** The agent's runtime has taken the live attempt. */
  accepted: boolean;
  settled?: NonNullable<TaskLife['settled']>;
}

type Say = (name: AnomalyName, message: string) => void;

/**
 * One settlement, and before it what the task's kind does: an agent's attempts in order and one at a time, a container's openings, one
 * child. `work` is undefined where no plan tells.
 */
export function followTask(
  path: TaskPath,
  events: readonly SkeinEvent[],
  work: Work | undefined,
  report: Report,
): TaskLife {
  const life: Life = { path, attempts: 0, openings: [], alive: false, accepted: false, events };
  const say: Say = (name, message) => report(name, path, message);
  for (const event of events) {
    if (life.settled && isUndoing(event)) continue;
    if (life.settled?.status === 'failed' && isTriedAgain(path, event)) {
      delete life.settled;
      life.alive = false;
    }
    if (life.settled) {
      const name = isSettling(event) ? 'settled_twice' : 'event_after_settlement';
      say(name, `It was ${life.settled.status}, and ${event.type} (event ${event.n}) follows.`);
    } else if (isSettling(event)) {
      checkSettlement(life, event, work, say);
      life.settled = { status: settledStatus(event), lamport: event.lamport, event };
    } else {
      checkKind(event, work, say);
      followWork(life, event, say);
    }
  }
  return life;
}

/** An operator has a compensation tried again that had failed for good. */
function isTriedAgain(path: TaskPath, event: SkeinEvent): boolean {
  return parseCompensationPath(path) !== undefined && event.type === 'task.parked' && event.data.cause.kind === 'retry';
}

/** What a saga does to a settled task is followed elsewhere. */
function isUndoing({ type }: SkeinEvent): boolean {
  return type.startsWith('task.compensat');
}

/** After an intent: a pause has overtaken it, and its agent was not called. */
export function isWithdrawal(event: SkeinEvent): boolean {
  return event.type === 'task.parked' && event.data.cause.kind === 'pause';
}

/** After an attempt whose process has died: it waits for a slot in place of the one that somebody else has got. */
function hasLostSlot(event: SkeinEvent): boolean {
  return event.type === 'task.parked' && event.data.cause.kind === 'pool';
}

function isSettling(event: SkeinEvent): event is SettlingEvent {
  return (Object.values(settlingEvents) as string[]).includes(event.type);
}

function settledStatus(event: SettlingEvent): SettledTaskStatus {
  if (event.type === 'task.completed') return 'succeeded';
  return event.type === 'task.failed' ? 'failed' : event.data.status;
}

/** Attempts belong to agents, openings to containers, children to `workflow` tasks. */
function checkKind(event: SkeinEvent, work: Work | undefined, say: Say): void {
  if (work === undefined) return;
  const isChild = event.type === 'task.started' && event.data.child !== undefined;
  const isAttempt = event.type === 'task.assigned' || event.type === 'task.retried' || event.type === 'task.started';
  const fits = isChild
    ? work === 'workflow'
    : isAttempt
      ? work === 'agent'
      : event.type !== 'task.opened' || opens(work);
  if (!fits) say('wrong_kind', `${event.type} (event ${event.n}) does not happen to a task of its kind (${work}).`);
}

function followWork(life: Life, event: SkeinEvent, say: Say): void {
  switch (event.type) {
    case 'task.assigned':
      return followAssignment(life, event, say);
    case 'task.started':
      return followStart(life, event, say);
    case 'task.opened':
      life.begun ??= event.lamport;
      life.openings.push(event);
      return;
    case 'task.parked':
      if (life.alive && ((isWithdrawal(event) && !life.accepted) || hasLostSlot(event))) {
        life.alive = false;
        life.attempts -= 1;
      } else if (life.alive) say('parked_while_running', `It was parked while attempt ${life.attempts} was alive.`);
      else if (life.openings.length > 0 || life.child !== undefined) {
        say('parked_while_running', 'It was parked after it had begun.');
      }
      if (event.data.cause.kind === 'schedule' || event.data.cause.kind === 'event') life.begun ??= event.lamport;
      return;
    case 'task.intervened':
      life.intervened = event.data.action;
      return;
    case 'approval.requested':
    case 'approval.decided':
      if (event.data.attempt === undefined) life.begun ??= event.lamport;
      else if (!isAlive(life, event.data.attempt))
        say('answered_without_attempt', `${event.type} is about attempt ${event.data.attempt}, which was not alive.`);
      return;
    case 'task.retried':
      if (!isAlive(life, event.data.attempt)) {
        say('retried_without_attempt', `Attempt ${event.data.attempt} was to be retried, but was not alive.`);
      }
      life.alive = false;
      return;
    default:
      return;
  }
}

function followStart(life: Life, event: Extract<SkeinEvent, { type: 'task.started' }>, say: Say): void {
  const { attempt, child } = event.data;
  if (child === undefined) {
    if (!isAlive(life, attempt)) say('started_without_assignment', `Attempt ${attempt} started, but was not assigned.`);
    life.accepted = true;
    return;
  }
  if (life.child !== undefined) say('child_started_twice', `It started ${child} after ${life.child}.`);
  life.begun ??= event.lamport;
  life.child = child;
}

function followAssignment(
  life: Life,
  { data: { attempt }, lamport }: Extract<SkeinEvent, { type: 'task.assigned' }>,
  say: Say,
): void {
  // The same attempt again: its engine died, and another one has called its agent again.
  const again = isAlive(life, attempt);
  if (!again && life.alive)
    say('two_attempts_alive', `Attempt ${attempt} was assigned while ${life.attempts} was alive.`);
  if (!again && attempt !== life.attempts + 1) {
    say('attempt_out_of_order', `Attempt ${attempt} was assigned after ${life.attempts}.`);
  }
  life.begun ??= lamport;
  life.attempts = attempt;
  life.alive = true;
  life.accepted = false;
}

function isAlive({ alive, attempts }: Life, attempt: number): boolean {
  return alive && attempts === attempt;
}

/** How each action settles its task; a retry does not. */
const settledByHand: Readonly<Partial<Record<ManualAction, SettledTaskStatus>>> = {
  skip: 'skipped',
  fail: 'failed',
  complete: 'succeeded',
};

/** A person has settled it, not an attempt. */
function isByHand({ intervened }: Life, event: SettlingEvent): boolean {
  return intervened !== undefined && settledByHand[intervened] === settledStatus(event);
}

function checkSettlement(life: Life, event: SettlingEvent, work: Work | undefined, say: Say): void {
  const promised = life.intervened === undefined ? undefined : settledByHand[life.intervened];
  const status = settledStatus(event);
  if (promised !== undefined && promised !== status)
    say('intervened_in_vain', `Somebody has made it ${promised} by hand, and it was ${status}.`);
  const claimed = 'attempts' in event.data ? event.data.attempts : 0;
  if (work === 'agent' || life.attempts > 0 || (work === undefined && claimed > 0)) {
    return checkAnswer(life, event, say);
  }
  if (claimed !== 0) say('attempts_miscounted', `${event.type} counts ${claimed} attempts of a task that makes none.`);
  if (work === 'workflow' && event.type === 'task.completed' && life.child === undefined && !isByHand(life, event)) {
    say('answered_without_attempt', `${event.type} came, and no child was started.`);
  }
  const isWaiter = work === 'wait' || work === 'emit' || work === 'workflow';
  if (isWaiter && event.type === 'task.cancelled' && event.data.status === 'unknown') {
    say('unknown_without_attempt', 'It became unknown although it makes no attempts.');
  }
}

/** What admission refuses a call with, also the call of a next try. */
const refusals: ReadonlySet<string> = new Set([
  'CircuitOpen',
  'BudgetExceeded',
  'PoolQueueFull',
  'AllocationTimeout',
] satisfies KnownErrorName[]);

/** The end of a task that makes attempts. */
function checkAnswer(life: Life, event: SettlingEvent, say: Say): void {
  const { alive, accepted, attempts } = life;
  const isCached = event.type === 'task.completed' && event.data.cached !== undefined;
  if (isCached && alive)
    say('cached_while_running', `It was answered from the cache although attempt ${attempts} was alive.`);
  if (event.type === 'task.skipped') {
    if (attempts > 0 && !isByHand(life, event))
      say('skipped_after_attempt', `It was ${event.data.status} after ${attempts} attempts.`);
    return;
  }
  if (event.type === 'task.cancelled') {
    const { status } = event.data;
    if (status === 'unknown' && !alive)
      say('unknown_without_attempt', 'It became unknown although no attempt was alive.');
    if (status === 'cancelled' && alive && accepted) {
      say('cancelled_while_running', `It was cancelled although its agent worked on attempt ${attempts}.`);
    }
  } else if (
    !alive &&
    !isCached &&
    !isByHand(life, event) &&
    (event.type === 'task.completed' || (attempts > 0 && !refusals.has(event.data.error.name)))
  ) {
    // An input that could not be evaluated fails a task before its first attempt.
    say('answered_without_attempt', `${event.type} came while no attempt was alive.`);
  }
  // An intent that is withdrawn before its agent was called does not count.
  const withdrawn = event.type === 'task.cancelled' && alive && !accepted ? attempts - 1 : attempts;
  if (event.data.attempts !== attempts && event.data.attempts !== withdrawn) {
    say('attempts_miscounted', `${event.type} counts ${event.data.attempts} attempts, and ${attempts} were assigned.`);
  }
}
