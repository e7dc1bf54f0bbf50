import type { ParkedEntry } from '../../core/execution/index.ts';
import type { EngineContext } from '../engine-context.ts';

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
 * The front of a pool's queue. Executions share it, and one that is paused or stopping must not keep the others from a slot: its tasks are not
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

/** How many stand before the entry, or would if it came now. */
export function placeOf(entries: readonly ParkedEntry[], { execution, path, arrival }: ParkedEntry): number {
  const mine = entries.findIndex((entry) => entry.execution === execution && entry.path === path);
  return mine === -1 ? entries.filter((entry) => entry.arrival <= arrival).length : mine;
}

async function isWaiting(ctx: EngineContext, { key, execution, path }: ParkedEntry): Promise<boolean> {
  const [owner, task] = await Promise.all([ctx.ledger.findExecution(execution), ctx.ledger.findTask(execution, path)]);
  return owner?.status === 'running' && task?.cause?.kind === 'pool' && task.queued?.key === key;
}
