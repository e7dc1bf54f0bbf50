import type { TaskError } from '../../agents/index.ts';
import { forEachOf, isRetryable, toleratedItems, type TaskRecord } from '../../execution/index.ts';
import { memberPath, parseItemPath, regionOf, taskIdOf, type TaskPath } from '../../ids/index.ts';
import type { AgentTask } from '../../plan/index.ts';
import { tasksOfRegion } from '../tasks-of-region.ts';
import { link, type CauseLink, type NextStep } from './explanation.ts';
import { insideOf, subjectOf, type Situation } from './situation.ts';
import { counted, nameList, quoted } from './wording.ts';

/** Error messages come from agents and may be whole logs: a sentence takes the beginning of the first line. */
const MESSAGE_LENGTH = 200;

export const runAgain = 'skein run <file>';

/** A failed task, and inside of it, where it is a container, the failures that made it fail. */
export function failureLinks(situation: Situation, record: TaskRecord): readonly CauseLink[] {
  const links: CauseLink[] = [];
  for (let at: TaskRecord | undefined = record; at; at = failedInside(situation, at)) {
    links.push(link(at.path, 'failed', failureClause(situation, at)));
  }
  return links;
}

export function afterFailure(situation: Situation, record: TaskRecord): NextStep {
  const { status } = situation.execution;
  if (status === 'running' || status === 'succeeded') {
    return { what: 'the engine goes on with what does not depend on it', who: 'engine' };
  }
  const root = rootOf(situation, record);
  if (root.child !== undefined) {
    const what = `you look why child execution ${quoted(root.child)} failed, and start a new execution when that is mended`;
    return { what, who: 'person', command: `skein explain ${root.child}` };
  }
  return { what: `you ${remedy(situation, root)} and start a new execution`, who: 'person', command: runAgain };
}

function remedy({ index }: Situation, { path, error }: TaskRecord): string {
  const task = index.taskAt(path);
  if (error?.name === 'WaitTimeout' && task.kind === 'wait' && task.wait.kind === 'event') {
    return `see to it that event ${quoted(task.wait.event)} comes in time`;
  }
  if (error?.name === 'LoopExhausted') return `give ${quoted(path)} more iterations or a milder ${quoted('until')}`;
  if (error?.name === 'BudgetExceeded') {
    const part = /^The budget `(\w+)`/.exec(error.message)?.[1];
    return `raise ${quoted(part === undefined ? 'budget' : `budget.${part}`)} in the definition, or have it use less,`;
  }
  return `fix what ${quoted(path)} reported`;
}

/** Which task failed, with what, after how many attempts, and what it took down. */
export function failureClause(situation: Situation, record: TaskRecord): string {
  const root = rootOf(situation, record);
  const part = parseItemPath(root.path)?.container === record.path ? 'item' : 'task';
  const cause =
    root === record
      ? circumstances(situation, record)
      : `because its ${part} ${quoted(root.path)} failed ${circumstances(situation, root)}${tolerance(situation, record)}`;
  const down = parseItemPath(record.path) ? [] : takenDown(situation, record);
  const losses = down.length > 0 ? `, and took down ${nameList(down)}` : '';
  return `${subjectOf(situation, record.path)} failed ${cause}${losses}`;
}

/** How many items failed, where some may. */
function tolerance({ index }: Situation, { path, calls }: TaskRecord): string {
  const forEach = forEachOf(index.taskAt(path));
  const tolerated = forEach && calls ? toleratedItems(forEach, calls.count) : 0;
  return calls && tolerated > 0 ? `, with ${counted(calls.failed, 'failed item')} where ${tolerated} may fail` : '';
}

/** The failure at the bottom: the record itself, unless it is a container that failed by a task inside. */
function rootOf(situation: Situation, record: TaskRecord): TaskRecord {
  let root = record;
  for (let at: TaskRecord | undefined = record; at; at = failedInside(situation, at)) root = at;
  return root;
}

/** The failure whose error the container has taken: of items the first in their order, of members the first in time. */
function failedInside(situation: Situation, container: TaskRecord): TaskRecord | undefined {
  const inside = insideOf(situation, container.path, container) ?? [];
  const failed = inside.flatMap((path) => situation.find(path) ?? []).filter(({ status }) => status === 'failed');
  const { index } = situation;
  if (!('region' in index.taskAt(container.path))) return failed[0];
  return failed
    .filter(({ path }) => !index.taskAt(path).continueOnFailure)
    .sort((a, b) => a.lamport - b.lamport || (a.path < b.path ? -1 : 1))[0];
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
  return [`with ${errorPhrase(error)}`, whenItFailed(situation, record, error)].filter(Boolean).join(' ');
}

function whenItFailed({ index }: Situation, record: TaskRecord, error: TaskError): string {
  const task = index.taskAt(record.path);
  switch (task.kind) {
    case 'agent':
      return isContainer(task, record) ? 'before it opened' : tries(task, record, error);
    case 'loop':
      // The error says itself how many iterations there were.
      if (error.name === 'LoopExhausted') return '';
      return record.round === undefined ? 'before it opened' : `after ${counted(record.round + 1, 'iteration')}`;
    case 'workflow':
      return record.child === undefined ? '' : `in child execution ${quoted(record.child)}`;
    default:
      return '';
  }
}

function isContainer(task: AgentTask, { path }: TaskRecord): boolean {
  return task.forEach !== undefined && !parseItemPath(path);
}

function tries({ retry: { maxAttempts, retryOn } }: AgentTask, { attempts }: TaskRecord, error: TaskError): string {
  if (attempts === 0) return 'before its first attempt';
  if (attempts >= maxAttempts) return `after ${counted(attempts, 'attempt')}`;
  const after = `after attempt ${attempts} of ${maxAttempts}`;
  if (!isRetryable(error)) return `${after}, because this error is never retried`;
  if (retryOn && !retryOn.includes(error.name))
    return `${after}, because ${quoted('retry_on')} does not name this error`;
  return `${after}, because nothing is retried while an execution stops`;
}

/** Tasks of the same region that could not run because of this one, by way of each other too. */
function takenDown(situation: Situation, { path }: TaskRecord): readonly TaskPath[] {
  const { index } = situation;
  const region = regionOf(path);
  const down = new Set([memberPath(region, taskIdOf(path))]);
  for (const member of tasksOfRegion(index, region)) {
    const { dependsOn } = index.taskAt(member);
    const lost = dependsOn.some(({ task }) => down.has(memberPath(region, task)));
    if (lost && situation.statusOf(member) === 'upstream_failed') down.add(member);
  }
  return [...down].slice(1);
}
