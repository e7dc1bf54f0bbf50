import type { ExecutionId, TaskPath } from '../ids/index.ts';
import type { Json } from '../json/index.ts';
import type { PlannedTask } from '../plan/index.ts';
import { parseItemPath } from '../ids/index.ts';
import type { Cause } from './cause.ts';
import { forEachOf, itemPathsOf } from './plan-index.ts';
import type { ExecutionRecord, Intervention, ManualAction, TaskRecord } from './record.ts';
import { isSettled, isStopped } from './status.ts';

/** What somebody wants done to a task. */
export type ActionRequest = {
  readonly by: string;
  /** In that person's words. */
  readonly why?: string;
  /** Repeated by whoever repeats the request: then nothing is done twice, and the answer is the same. */
  readonly request: string;
} & (
  | { readonly action: Exclude<ManualAction, 'complete'> }
  /** What the task answers instead of its agent. */
  | { readonly action: 'complete'; readonly output: Json }
);

/** Interventions that a record keeps, the newest ones; all of them stand among the events. */
const MOST_KEPT = 20;

export function withIntervention(record: TaskRecord, done: Intervention): readonly Intervention[] {
  return [...(record.interventions ?? []), done].slice(-MOST_KEPT);
}

/** A task that somebody wants to act on, as a look at the ledger has shown it. */
export interface Stuck {
  readonly execution: ExecutionRecord;
  readonly record: TaskRecord;
  readonly planned: PlannedTask;
  /** Its author allows that it is skipped. */
  readonly maySkip: boolean;
  /** Its agent is a person. */
  readonly isHuman: boolean;
}

/** Why an action is not allowed, and what is. */
export interface Refusal {
  readonly code:
    | 'execution_stopped'
    | 'task_settled'
    | 'task_is_container'
    | 'task_not_reached'
    | 'child_goes_on'
    | 'nothing_to_retry'
    | 'skip_not_allowed'
    | 'approval_open';
  readonly message: string;
  readonly hint: string;
}

/**
 * Whether the states of a task and its execution allow an action; undefined: they do. A task may be acted on from when its turn has come
 * until it has settled: before that its dependents would run too early, after it they may have run.
 */
export function refuseAction(action: ManualAction, stuck: Stuck): Refusal | undefined {
  const { execution, record, planned } = stuck;
  const { path } = record;
  if (isStopped(execution.status)) return stopped(execution);
  if (isSettled(record.status)) return settled(execution.id, record);
  if (isContainer(path, planned)) return container(path);
  if (record.child !== undefined) return childGoesOn(path, record.child);
  if (!hasComeToItsTurn(record)) return notReached(execution.id, path);
  if (action === 'retry' && !canBeTriedAgain(record)) return nothingToRetry(execution.id, path);
  if (action === 'skip' && !stuck.maySkip) return skipNotAllowed(path);
  if (action === 'complete' && stuck.isHuman) return approvalOpen(record);
  return undefined;
}

/** What it waits for by itself, also while its execution is paused. */
function ownCause({ cause }: TaskRecord): Cause | undefined {
  return cause?.kind === 'pause' ? cause.before : cause;
}

/** Its dependencies, its condition and its input have been decided. */
function hasComeToItsTurn(record: TaskRecord): boolean {
  const kind = ownCause(record)?.kind;
  return record.attempt !== undefined || record.input !== undefined || kind === 'schedule' || kind === 'event';
}

/** An attempt lives, perhaps in vain, or one has failed and the next one has not begun. */
function canBeTriedAgain(record: TaskRecord): boolean {
  return record.attempt !== undefined || ownCause(record)?.kind === 'retry';
}

function isContainer(path: TaskPath, planned: PlannedTask): boolean {
  if (planned.kind === 'group' || planned.kind === 'loop') return true;
  return itemPathsOf(path, planned).length > 0 || (forEachOf(planned) !== undefined && !parseItemPath(path));
}

function stopped({ id, status }: ExecutionRecord): Refusal {
  return {
    code: 'execution_stopped',
    message: `Execution ${id} is ${status}: nothing of it goes on.`,
    hint: `See \`skein status ${id}\`; \`skein run\` starts another one.`,
  };
}

function settled(execution: ExecutionId, { path, status }: TaskRecord): Refusal {
  return {
    code: 'task_settled',
    message: `Task ${path} has settled: it is ${status}, and others may have acted on that.`,
    hint: `See \`skein explain ${execution} ${path}\`; what has settled stays, and \`skein run\` starts another execution.`,
  };
}

function container(path: TaskPath): Refusal {
  return {
    code: 'task_is_container',
    message: `Task ${path} only holds others, and ends as they do.`,
    hint: `Act on those in it that wait: \`${path}[0]\` is its first call or item; \`skein status\` shows their paths.`,
  };
}

function childGoesOn(path: TaskPath, child: ExecutionId): Refusal {
  return {
    code: 'child_goes_on',
    message: `Task ${path} is execution ${child}, and ends as that does.`,
    hint: `Act on the tasks of ${child}, or end it with \`skein cancel ${child}\`.`,
  };
}

function notReached(execution: ExecutionId, path: TaskPath): Refusal {
  return {
    code: 'task_not_reached',
    message: `The turn of task ${path} has not come: it waits for others.`,
    hint: `\`skein explain ${execution} ${path}\` names the one to act on.`,
  };
}

function nothingToRetry(execution: ExecutionId, path: TaskPath): Refusal {
  return {
    code: 'nothing_to_retry',
    message: `No attempt of task ${path} has failed, and none is under way: it will be tried when what it waits for comes.`,
    hint: `\`skein explain ${execution} ${path}\` says what that is.`,
  };
}

function skipNotAllowed(path: TaskPath): Refusal {
  return {
    code: 'skip_not_allowed',
    message: `Task ${path} may not be skipped.`,
    hint: 'Its author allows that with `allow_skip: true`, on it or on what is around it; `fail` and `complete` are allowed without.',
  };
}

function approvalOpen({ path, attempt }: TaskRecord): Refusal {
  const approval = attempt?.approval;
  return {
    code: 'approval_open',
    message: `Task ${path} asks a person, and who may answer is written there.`,
    hint: approval === undefined ? 'See `skein approvals`.' : `Decide it with \`skein approve ${approval}\`.`,
  };
}
