import { settlingEvents, type SettledTaskStatus, type SkeinEvent } from '../../execution/index.ts';
import type { TaskPath } from '../../ids/index.ts';
import type { AnomalyName, Report } from './violation.ts';

/** What a task's own events say. */
export interface TaskLife {
  readonly path: TaskPath;
  /** Clock of its first assignment. */
  readonly begun?: number;
  readonly attempts: number;
  readonly settled?: { readonly status: SettledTaskStatus; readonly lamport: number };
}

/** The life so far; one attempt at a time may be alive. */
interface Life extends TaskLife {
  begun?: number;
  attempts: number;
  alive: boolean;
  /** The agent's runtime has taken the live attempt. */
  accepted: boolean;
  settled?: { readonly status: SettledTaskStatus; readonly lamport: number };
}

type Say = (name: AnomalyName, message: string) => void;

type SettlingEvent = Extract<SkeinEvent, { type: (typeof settlingEvents)[SettledTaskStatus] }>;

/** Attempts in order and one at a time, then one settlement that fits them. A fan-out settles without attempts of its own. */
export function followTask(path: TaskPath, events: readonly SkeinEvent[], isFanOut: boolean, report: Report): TaskLife {
  const life: Life = { path, attempts: 0, alive: false, accepted: false };
  const say: Say = (name, message) => report(name, path, message);
  for (const event of events) {
    if (life.settled) {
      const name = isSettling(event) ? 'settled_twice' : 'event_after_settlement';
      say(name, `It was ${life.settled.status}, and ${event.type} (event ${event.n}) follows.`);
    } else if (isSettling(event)) {
      if (!isFanOut) checkSettlement(life, event, say);
      life.settled = { status: settledStatus(event), lamport: event.lamport };
    } else {
      followAttempt(life, event, say);
    }
  }
  return life;
}

function isSettling(event: SkeinEvent): event is SettlingEvent {
  return (Object.values(settlingEvents) as string[]).includes(event.type);
}

function settledStatus(event: SettlingEvent): SettledTaskStatus {
  if (event.type === 'task.completed') return 'succeeded';
  return event.type === 'task.failed' ? 'failed' : event.data.status;
}

function followAttempt(life: Life, event: SkeinEvent, say: Say): void {
  switch (event.type) {
    case 'task.assigned':
      return followAssignment(life, event, say);
    case 'task.started':
      if (!isAlive(life, event.data.attempt)) {
        say('started_without_assignment', `Attempt ${event.data.attempt} started, but was not assigned.`);
      }
      life.accepted = true;
      return;
    case 'task.parked':
      if (life.alive) say('parked_while_running', `It was parked while attempt ${life.attempts} was alive.`);
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

function checkSettlement(life: Life, event: SettlingEvent, say: Say): void {
  const { alive, accepted, attempts } = life;
  if (event.type === 'task.skipped') {
    if (attempts > 0) say('skipped_after_attempt', `It was ${event.data.status} after ${attempts} attempts.`);
    return;
  }
  if (event.type === 'task.cancelled') {
    const { status } = event.data;
    if (status === 'unknown' && !alive)
      say('unknown_without_attempt', 'It became unknown although no attempt was alive.');
    if (status === 'cancelled' && alive && accepted) {
      say('cancelled_while_running', `It was cancelled although its agent worked on attempt ${attempts}.`);
    }
  } else if (!alive && (event.type === 'task.completed' || attempts > 0)) {
    // An input that could not be evaluated fails a task before its first attempt.
    say('answered_without_attempt', `${event.type} came while no attempt was alive.`);
  }
  // An intent that is withdrawn before its agent was called does not count.
  const withdrawn = event.type === 'task.cancelled' && alive && !accepted ? attempts - 1 : attempts;
  if (event.data.attempts !== attempts && event.data.attempts !== withdrawn) {
    say('attempts_miscounted', `${event.type} counts ${event.data.attempts} attempts, and ${attempts} were assigned.`);
  }
}
