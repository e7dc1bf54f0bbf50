import type { Cause } from '../../execution/index.ts';
import type { ExecutionId, TaskPath } from '../../ids/index.ts';
import { endOfChild, link } from './explanation.ts';
import type { Situation } from './situation.ts';
import type { Step } from './step.ts';
import { counted, moment, quoted } from './wording.ts';

export function scheduleStep(
  { index, now }: Situation,
  path: TaskPath,
  { at }: Extract<Cause, { kind: 'schedule' }>,
): Step {
  const task = index.taskAt(path);
  const seconds =
    task.kind === 'wait' && task.wait.kind === 'seconds' ? ` ${counted(task.wait.seconds, 'second')},` : '';
  const clause = `Task ${quoted(path)} waits${seconds} until ${moment(at, now)}`;
  const what = `the engine goes on from ${quoted(path)} at ${moment(at, now)}`;
  return { link: link(path, 'schedule', clause), next: { what, who: 'engine' } };
}

export function eventStep(
  { index, execution, now }: Situation,
  path: TaskPath,
  { event, until }: Extract<Cause, { kind: 'event' }>,
): Step {
  const task = index.taskAt(path);
  const isPicky = task.kind === 'wait' && task.wait.kind === 'event' && task.wait.match !== undefined;
  const wanted = isPicky
    ? `an event ${quoted(event)} that its ${quoted('match')} accepts`
    : `an event ${quoted(event)}`;
  const since = `published since ${moment(execution.startedAt, now)}`;
  const limit = until === undefined ? '' : `, until ${moment(until, now)}`;
  const deadline = until === undefined ? '' : `, or the task fails with ${quoted('WaitTimeout')}`;
  return {
    link: link(path, 'event', `Task ${quoted(path)} waits for ${wanted}, ${since}${limit}`),
    next: {
      what: `somebody must publish ${wanted}${deadline}`,
      who: 'publisher',
      command: `skein emit ${event} --data '…'`,
    },
  };
}

export function childStep({ index }: Situation, path: TaskPath, child: ExecutionId): Step {
  const task = index.taskAt(path);
  const of = task.kind === 'workflow' ? ` of ${quoted(`${task.workflow.name} ${task.workflow.version}`)}` : '';
  const clause = `Task ${quoted(path)} waits for its child execution ${quoted(child)}${of}`;
  return { link: link(path, 'child', clause), next: endOfChild(child) };
}
