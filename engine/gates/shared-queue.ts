import { cacheKey, type ParkedEntry, type TaskRecord } from '../../core/execution/index.ts';
import { parseCompensationPath } from '../../core/ids/index.ts';
import { turnOf } from '../../core/resilience/index.ts';
import type { EngineContext } from '../engine-context.ts';
import type { AgentLook } from '../look.ts';

/** A position beyond this is not counted out: it would be read each time that somebody comes. */
export const FAR_BEHIND = 1000;

interface Front {
  /** All that stand there, whether they wait or not. */
  readonly entries: readonly ParkedEntry[];
  /** How many of them can be served. */
  readonly waiting: number;
}

interface Stretch {
  /** Ends with so many that wait. */
  readonly enough: number;
  /** Ends before this place, whether somebody stands there or not. */
  readonly before?: ParkedEntry;
}

/**
 * The front of the queue of a pool or a rate. Executions share it, and one that is paused or stopping must not keep the others from a slot: its tasks are not
 * counted. They leave the queue when they are woken.
 */
export async function frontOfQueue(ctx: EngineContext, key: string, { enough, before }: Stretch): Promise<Front> {
  const entries: ParkedEntry[] = [];
  let waiting = 0;
  let read = enough + 1;
  while (waiting < enough) {
    const listed = await ctx.ledger.listParked(key, read);
    const end = before ? placeOf(listed, before) : listed.length;
    for (const entry of listed.slice(entries.length, end)) {
      entries.push(entry);
      if (await isWaiting(ctx, entry)) waiting += 1;
      if (waiting === enough) break;
    }
    if (end < listed.length || listed.length < read) break;
    read *= 4;
  }
  return { entries, waiting };
}

/**
 * The place in the queue that the task has, or would get. It keeps its time from queue to queue: who has passed a rate and waits for a slot must
 * not find those who came later before it at the rate, or they would send each other to and fro.
 */
export function entryIn(ctx: EngineContext, { record, planned }: AgentLook, key: string): ParkedEntry {
  const { execution, path } = record;
  const arrival = isPastLimits(record)
    ? record.queued.arrival
    : turnOf({ arrival: ctx.clock.now(), priority: planned.priority ?? 0 });
  return { key, execution, path, arrival };
}

/** What the queues of the gates up to the limits are called. */
const upToLimits: readonly string[] = [cacheKey(''), 'limit#'];

/** It stands in the queue of a rate, a breaker or a pool: the limits of its execution have let it pass. */
export function isPastLimits(record: TaskRecord): record is TaskRecord & { readonly queued: ParkedEntry } {
  return record.queued !== undefined && !upToLimits.some((prefix) => record.queued?.key.startsWith(prefix) === true);
}

/** How many stand before the entry, or would if it came now: the same whether it is there or not, also where others came at the same moment. */
export function placeOf(entries: readonly ParkedEntry[], entry: ParkedEntry): number {
  const mine = entries.find(({ execution, path }) => execution === entry.execution && path === entry.path) ?? entry;
  return entries.filter((other) => isBefore(other, mine)).length;
}

function isBefore(one: ParkedEntry, other: ParkedEntry): boolean {
  if (one.arrival !== other.arrival) return one.arrival < other.arrival;
  return one.path === other.path ? one.execution < other.execution : one.path < other.path;
}

async function isWaiting(ctx: EngineContext, { key, execution, path }: ParkedEntry): Promise<boolean> {
  // The queue of a cause is called after it.
  const kind = key.slice(0, key.indexOf('#'));
  const [owner, task] = await Promise.all([ctx.ledger.findExecution(execution), ctx.ledger.findTask(execution, path)]);
  const goesOn = parseCompensationPath(path) === undefined ? 'running' : 'compensating';
  return owner?.status === goesOn && task?.cause?.kind === kind && task.queued?.key === key;
}
