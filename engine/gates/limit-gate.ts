import { limitKey, type ParkedEntry } from '../../core/execution/index.ts';
import type { TaskPath } from '../../core/ids/index.ts';
import type { LedgerWrite } from '../../core/ports/index.ts';
import { limitsOf } from '../limits.ts';
import type { Gate } from './gate.ts';
import { isPastLimits } from './shared-queue.ts';

/** `max_parallel` of the workflow and of the groups around a task. The holders of a place stand in its limit's own record. */
export const limitGate: Gate = {
  /** A place of each limit is free, and nobody has waited for it longer: or the task has passed them all before, and now waits farther on. */
  async look(ctx, { execution, workflow, record }) {
    const writes: LedgerWrite[] = [];
    for (const { name, size } of limitsOf(workflow.index, record.path)) {
      const key = limitKey(execution.id, name);
      const cause = { kind: 'concurrency', limit: name, size } as const;
      const held = await ctx.ledger.findLimit(execution.id, name);
      const holders = held?.holders ?? [];
      const free = size - holders.length;
      if (free <= 0) return { kind: 'park', cause, key, writes: [] };
      if (!isPastLimits(record)) {
        const queue = await ctx.ledger.listParked(key, free + 1);
        if (placeIn(queue, record.path, ctx.clock.now()) >= free) return { kind: 'park', cause, key, writes: [] };
      }
      const next = { execution: execution.id, limit: name, holders: [...holders, record.path] };
      writes.push({ kind: 'limit', record: { ...next, revision: (held?.revision ?? 0) + 1 } });
    }
    return { kind: 'pass', writes };
  },

  async leave(ctx, { workflow, record: { execution, path } }) {
    const limits = limitsOf(workflow.index, path);
    const records = await Promise.all(limits.map(({ name }) => ctx.ledger.findLimit(execution, name)));
    const writes = records.flatMap((record) => {
      if (!record?.holders.includes(path)) return [];
      const holders = record.holders.filter((holder) => holder !== path);
      return [{ kind: 'limit', record: { ...record, holders, revision: record.revision + 1 } } as const];
    });
    return { writes };
  },
};

/**
 * How many stand before the task, or would if it came now. It must be the same before it enters the queue and after, also where others came
 * at the same moment: else a task with two limits could be sent from the one's queue to the other's and back for ever.
 */
function placeIn(queue: readonly ParkedEntry[], path: TaskPath, now: number): number {
  const mine = queue.findIndex((entry) => entry.path === path);
  if (mine !== -1) return mine;
  return queue.filter(({ arrival, path: other }) => arrival < now || (arrival === now && other < path)).length;
}
