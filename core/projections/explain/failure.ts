import type { TaskError } from '../../agents/index.ts';
import { isRetryable, type TaskRecord } from '../../execution/index.ts';
import { parseItemPath, taskIdOf, taskPath } from '../../ids/index.ts';
import { link, type CauseLink, type NextStep } from './explanation.ts';
import { itemsOf, type Situation } from './situation.ts';
import { counted, nameList, quoted } from './wording.ts';

/** Error messages come from agents and may be whole logs: a sentence takes the beginning of the first line. */
const MESSAGE_LENGTH = 200;

export const runAgain = 'skein run <file>';

/** A failed task, and the item whose failure it is where it is a fan-out. */
export function failureLinks(situation: Situation, record: TaskRecord): readonly CauseLink[] {
  const item = failedItem(situation, record);
  return [record, ...(item ? [item] : [])].map((failed) =>
    link(failed.path, 'failed', failureClause(situation, failed)),
  );
}

export function afterFailure({ execution }: Situation, { path }: TaskRecord): NextStep {
  if (execution.status === 'running' || execution.status === 'succeeded') {
    return { what: 'the engine goes on with what does not depend on it', who: 'engine' };
  }
  return { what: `you fix what ${quoted(path)} reported and start a new execution`, who: 'person', command: runAgain };
}

/** Which task failed, with what, after how many attempts, and what it took down. */
export function failureClause(situation: Situation, record: TaskRecord): string {
  const item = failedItem(situation, record);
  const cause = item
    ? `because its item ${quoted(item.path)} failed ${circumstances(situation, item)}`
    : circumstances(situation, record);
  const down = parseItemPath(record.path) ? [] : takenDown(situation, record);
  const losses = down.length > 0 ? `, and took down ${nameList(down)}` : '';
  return `Task ${quoted(record.path)} failed ${cause}${losses}`;
}

/** The first failed item of a failed fan-out: the fan-out's error is that item's. */
function failedItem(situation: Situation, record: TaskRecord): TaskRecord | undefined {
  return itemsOf(situation, record.path)
    ?.map((item) => situation.find(item))
    .find((item) => item?.status === 'failed');
}

/** `ToolBroken` (no such file) */
export function errorPhrase({ name, message }: TaskError): string {
  const line = message.trim().split('\n', 1)[0] ?? '';
  const short = line.length > MESSAGE_LENGTH ? `${line.slice(0, MESSAGE_LENGTH)}…` : line.replace(/\.$/, '');
  return short === '' ? quoted(name) : `${quoted(name)} (${short})`;
}

function circumstances(situation: Situation, record: TaskRecord): string {
  // A failed record has an error; a ledger that lost it is verify-history's to report, not a reason to say nothing here.
  const error = record.error ?? { name: 'AgentFailure', message: '' };
  return `with ${errorPhrase(error)} ${tries(situation, record, error)}`;
}

function tries({ index }: Situation, { path, attempts }: TaskRecord, error: TaskError): string {
  const { maxAttempts, retryOn } = index.taskAt(path).retry;
  if (attempts === 0) return 'before its first attempt';
  if (attempts >= maxAttempts) return `after ${counted(attempts, 'attempt')}`;
  const after = `after attempt ${attempts} of ${maxAttempts}`;
  if (!isRetryable(error)) return `${after}, because this error is never retried`;
  if (retryOn && !retryOn.includes(error.name))
    return `${after}, because ${quoted('retry_on')} does not name this error`;
  return `${after}, because nothing is retried while an execution stops`;
}

/** Tasks that could not run because of this one, by way of each other too. */
function takenDown(situation: Situation, record: TaskRecord): readonly string[] {
  const down = new Set([taskIdOf(record.path)]);
  for (const { id, dependsOn } of situation.plan.tasks) {
    const lost = situation.statusOf(taskPath(id)) === 'upstream_failed' && dependsOn.some(({ task }) => down.has(task));
    if (lost) down.add(id);
  }
  return [...down].slice(1);
}
