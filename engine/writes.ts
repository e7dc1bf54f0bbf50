import {
  groupLimit,
  MAX_PARALLEL,
  regionsAround,
  type Advanced,
  type ExecutionRecord,
  type PlanIndex,
  type TaskRecord,
} from '../core/execution/index.ts';
import { parseRegion, regionOf, type TaskPath } from '../core/ids/index.ts';
import type { LedgerStore, LedgerWrite } from '../core/ports/index.ts';

/** A task's record and its events: never one without the other. */
export function taskWrites({ record, events }: Advanced<TaskRecord>): readonly LedgerWrite[] {
  return [{ kind: 'task', record }, ...events.map((event) => ({ kind: 'event', event }) as const)];
}

export function executionWrites({ record, events }: Advanced<ExecutionRecord>): readonly LedgerWrite[] {
  return [{ kind: 'execution', record }, ...events.map((event) => ({ kind: 'event', event }) as const)];
}

/** Takes a task out of every list in which its last parking has put it. */
export function leaveParking({ execution, path, cause, queued }: TaskRecord): readonly LedgerWrite[] {
  const own = cause?.kind === 'pause' ? cause.before : cause;
  const watched = own?.kind === 'dependency' ? own.tasks : [];
  return [
    ...watched.map((producer) => ({ kind: 'unwatch', watch: { execution, producer, consumer: path } }) as const),
    ...(queued ? [{ kind: 'unpark', entry: queued } as const] : []),
  ];
}

/** The record without what only a parked or running task has. */
export function cleared(record: TaskRecord): TaskRecord {
  const { cause, queued, attempt, ...rest } = record;
  return rest;
}

/** A bound on how many agents work at once. */
export interface Limit {
  readonly name: string;
  readonly size: number;
}

/** Every limit that a task needs a place of: the workflow's, then those of the groups around it. */
export function limitsOf(index: PlanIndex, path: TaskPath): readonly Limit[] {
  const { plan } = index;
  const limits: Limit[] = plan.maxParallel === undefined ? [] : [{ name: MAX_PARALLEL, size: plan.maxParallel }];
  for (const region of regionsAround(regionOf(path))) {
    const container = parseRegion(region)?.container;
    const group = container === undefined ? undefined : index.taskAt(container);
    if (container === undefined || group?.kind !== 'group' || group.maxParallel === undefined) continue;
    limits.push({ name: groupLimit(container), size: group.maxParallel });
  }
  return limits;
}

/** Gives a task's places back; nothing where it holds none. */
export async function releaseLimits(
  ledger: LedgerStore,
  { execution, path }: TaskRecord,
  limits: readonly Limit[],
): Promise<readonly LedgerWrite[]> {
  const records = await Promise.all(limits.map(({ name }) => ledger.findLimit(execution, name)));
  return records.flatMap((record) => {
    if (!record?.holders.includes(path)) return [];
    const holders = record.holders.filter((holder) => holder !== path);
    return [{ kind: 'limit', record: { ...record, holders, revision: record.revision + 1 } } as const];
  });
}
