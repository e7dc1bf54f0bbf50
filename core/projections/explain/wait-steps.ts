import type { Cause } from '../../execution/index.ts';
import type { ExecutionId, TaskPath } from '../../ids/index.ts';
import { isJsonObject, type Json, type JsonObject } from '../../json/index.ts';
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
  situation: Situation,
  path: TaskPath,
  { event, until }: Extract<Cause, { kind: 'event' }>,
): Step {
  const { execution, now } = situation;
  const { wanted, data } = wantedData(situation, path);
  const subject = `an event ${quoted(event)}${wanted}`;
  const since = `published since ${moment(execution.startedAt, now)}`;
  const limit = until === undefined ? '' : `, until ${moment(until, now)}`;
  const deadline = until === undefined ? '' : `, or the task fails with ${quoted('WaitTimeout')}`;
  const command = ['skein emit', inShell(event), ...(data === undefined ? [] : ['--data', data])].join(' ');
  return {
    link: link(path, 'event', `Task ${quoted(path)} waits for ${subject}, ${since}${limit}`),
    next: { what: `somebody must publish ${subject}${deadline}`, who: 'publisher', command },
  };
}

/** A longer pattern would be most of the sentence. */
const PATTERN_LENGTH = 200;

interface Wanted {
  /** How the event has to be, for a sentence. */
  readonly wanted: string;
  /** Data that match, as a shell takes them; absent: any. */
  readonly data?: string;
}

/** The pattern was evaluated when the task began to wait, and is its input. */
function wantedData({ index, find }: Situation, path: TaskPath): Wanted {
  const task = index.taskAt(path);
  if (task.kind !== 'wait' || task.wait.kind !== 'event' || task.wait.match === undefined) return { wanted: '' };
  const input = find(path)?.input;
  const pattern = input && 'inline' in input ? input.inline : undefined;
  const text = JSON.stringify(pattern ?? null);
  if (!isJsonObject(pattern) || text.length > PATTERN_LENGTH) {
    return { wanted: ` that its ${quoted('match')} accepts`, data: "'…'" };
  }
  return { wanted: ` with data that match ${quoted(text)}`, data: inShell(JSON.stringify(matching(pattern))) };
}

/** Data that the pattern accepts: of each member the first of its values. */
function matching(pattern: JsonObject): JsonObject {
  const members = Object.entries(pattern).map(([key, wanted]): [string, Json] => {
    if (isJsonObject(wanted)) return [key, matching(wanted)];
    const values: readonly Json[] = Array.isArray(wanted) ? wanted : [wanted];
    return [key, values[0] ?? null];
  });
  return Object.fromEntries(members);
}

/** As one word of a POSIX shell. */
function inShell(text: string): string {
  return /^[\w.:/-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

export function childStep({ index }: Situation, path: TaskPath, child: ExecutionId): Step {
  const task = index.taskAt(path);
  const of = task.kind === 'workflow' ? ` of ${quoted(`${task.workflow.name} ${task.workflow.version}`)}` : '';
  const clause = `Task ${quoted(path)} waits for its child execution ${quoted(child)}${of}`;
  return { link: link(path, 'child', clause), next: endOfChild(child) };
}
