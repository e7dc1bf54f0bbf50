import {
  isSettled,
  membersOf,
  type ExecutionRecord,
  type PlanIndex,
  type TaskRecord,
} from '../core/execution/index.ts';
import { iterationOf, itemPath, type TaskPath } from '../core/ids/index.ts';
import type { Timer } from '../core/ports/index.ts';
import { collectorOf } from './after-settlement.ts';
import type { FollowUp } from './follow-up.ts';
import type { Change } from './repeat.ts';

/** Something that should have happened by itself, and what makes it happen. */
export type Overdue = { readonly path: TaskPath | '' } & (
  | { readonly kind: 'timer'; readonly timer: Timer }
  | { readonly kind: 'follow_up'; readonly followUp: FollowUp }
  /** What follows from the execution's own status. */
  | { readonly kind: 'change'; readonly change: Change }
  /** A state may still wait for an answer that was given long ago; only asking tells. */
  | { readonly kind: 'answer'; readonly followUp: Extract<FollowUp, { readonly kind: 'answer' | 'iterate' }> }
);

export interface Seen {
  readonly execution: ExecutionRecord;
  readonly tasks: readonly TaskRecord[];
  readonly index: PlanIndex;
  readonly now: number;
  /** Milliseconds after which what is due is overdue. */
  readonly grace: number;
  /** Milliseconds between two looks. */
  readonly every: number;
}

/** Everything that is overdue in one execution, as far as its records tell. Reads nothing and changes nothing. */
export function findOverdue(seen: Seen): readonly Overdue[] {
  const { execution, tasks } = seen;
  const records = new Map(tasks.map((task) => [task.path, task]));
  const isLate = (time: number | undefined): boolean => time !== undefined && time + seen.grace <= seen.now;
  const look = { ...seen, records, isLate };
  return [...ofExecution(look, execution), ...tasks.flatMap((task) => ofTask(look, task)), ...collections(look)];
}

interface Look extends Seen {
  readonly records: ReadonlyMap<TaskPath, TaskRecord>;
  readonly isLate: (time: number | undefined) => boolean;
}

function ofExecution(
  { isLate }: Look,
  { id, status, startedAt, deadline, paused, stopping }: ExecutionRecord,
): Overdue[] {
  if ((status === 'planning' || status === 'running') && isLate(deadline))
    return [{ path: '', kind: 'timer', timer: { kind: 'execution_timeout', execution: id } }];
  const since = status === 'planning' || status === 'queued' ? startedAt : (paused ?? stopping)?.at;
  if (isLate(since)) return [{ path: '', kind: 'change', change: { kind: 'execution', execution: id } }];
  return [{ path: '', kind: 'follow_up', followUp: { kind: 'conclude', execution: id } }];
}

function ofTask(look: Look, task: TaskRecord): readonly Overdue[] {
  if (isSettled(task.status)) return ofSettled(look, task);
  if (task.status === 'parked') return ofParked(look, task);
  return task.attempt ? ofAttempt(look, task, task.attempt) : ofOpen(look, task);
}

/** Ages at which a settled task's state is told once more how it ended: after a minute, and ever more seldom. */
const AGES = [60_000, 600_000, 6_000_000, 60_000_000];

function ofSettled({ now, every }: Look, { execution, path, token, settledAt = 0 }: TaskRecord): readonly Overdue[] {
  const age = now - settledAt;
  if (token === undefined || !AGES.some((due) => age >= due && age < due + every)) return [];
  return [{ path, kind: 'answer', followUp: { kind: 'answer', execution, path, token } }];
}

function ofAttempt(
  { isLate, index }: Look,
  { execution, path }: TaskRecord,
  { number, state, startedAt, deadline, heartbeatAt }: NonNullable<TaskRecord['attempt']>,
): readonly Overdue[] {
  const timer = { execution, path, attempt: number } as const;
  if (isLate(deadline)) return [{ path, kind: 'timer', timer: { kind: 'attempt_timeout', ...timer } }];
  const { heartbeat } = index.agentAt(path);
  if (heartbeat !== undefined && isLate(heartbeatAt + heartbeat * 1000))
    return [{ path, kind: 'timer', timer: { kind: 'heartbeat', ...timer } }];
  // Written down, and its agent perhaps never called.
  return state === 'intended' && isLate(startedAt) ? [admission(execution, path)] : [];
}

function ofParked({ isLate, records, execution: owner }: Look, task: TaskRecord): readonly Overdue[] {
  const { execution, path, cause } = task;
  const wakes = [{ path, kind: 'follow_up', followUp: { kind: 'admit', execution, path } }] as const;
  switch (cause?.kind) {
    case 'retry':
    case 'schedule':
      return isLate(cause.at) ? wakes : [];
    case 'dependency': {
      const awaited = cause.tasks.map((producer) => records.get(producer));
      // A member waits for its container to open.
      const isOpen = awaited.some((it) => it?.status === 'running' && path.startsWith(it.path));
      return isOpen || awaited.some((it) => isLate(it?.settledAt)) ? wakes : [];
    }
    case 'pause':
      return owner.paused === undefined && isLate(cause.at) ? wakes : [];
    // Whether there is a place, or an event that fits, says admission.
    default:
      return wakes;
  }
}

/** Containers and child executions, which run without an attempt of their own. */
function ofOpen({ records, index }: Look, task: TaskRecord): readonly Overdue[] {
  const { execution, path, child, iterated, round = 0 } = task;
  if (child !== undefined) return [admission(execution, path)];
  const members = membersOf(path, index.taskAt(path), task) ?? [];
  const overdue: Overdue[] = (task.calls ? missingCalls(task, records) : []).map((call) => admission(execution, call));
  const isUntouched = ![...records.keys()].some((member) => member.startsWith(`${iterationOf(path, round)}/`));
  if (iterated !== undefined && isUntouched)
    overdue.push({ path, kind: 'answer', followUp: { kind: 'iterate', token: iterated } });
  // Without any, nobody settles who would ask for it.
  if (members.length === 0) overdue.push(collection(execution, path));
  return overdue;
}

/** Containers around tasks that have settled: perhaps it was the last one, and nobody has asked. Fan-outs have no record before that. */
function collections({ execution, tasks, records, isLate }: Look): readonly Overdue[] {
  const around = new Set(tasks.flatMap(({ path, settledAt }) => (isLate(settledAt) ? (collectorOf(path) ?? []) : [])));
  const open = [...around].filter((container) => !isSettled(records.get(container)?.status ?? 'pending'));
  return open.map((container) => collection(execution.id, container));
}

function collection(execution: ExecutionRecord['id'], container: TaskPath): Overdue {
  return { path: container, kind: 'follow_up', followUp: { kind: 'collect', execution, container } };
}

function missingCalls({ path, calls }: TaskRecord, records: Look['records']): readonly TaskPath[] {
  const started = Array.from({ length: calls?.started ?? 0 }, (_, call) => itemPath(path, call));
  return started.filter((call) => !records.has(call));
}

function admission(execution: ExecutionRecord['id'], path: TaskPath): Overdue {
  return { path, kind: 'follow_up', followUp: { kind: 'admit', execution, path, resumed: true } };
}
