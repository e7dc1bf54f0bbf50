import { limitKey } from '../../core/execution/index.ts';
import type { LedgerWrite } from '../../core/ports/index.ts';
import { limitsOf } from '../limits.ts';
import type { Gate } from './gate.ts';

/** `max_parallel` of the workflow and of the groups around a task. The holders of a place stand in its limit's own record. */
export const limitGate: Gate = {
  /** A place of each limit is free, and nobody has waited for it longer. */
  async look(ctx, { execution, workflow, record }) {
    const writes: LedgerWrite[] = [];
    for (const { name, size } of limitsOf(workflow.index, record.path)) {
      const key = limitKey(execution.id, name);
      const cause = { kind: 'concurrency', limit: name, size } as const;
      const held = await ctx.ledger.findLimit(execution.id, name);
      const holders = held?.holders ?? [];
      const free = size - holders.length;
      if (free <= 0) return { kind: 'park', cause, key, writes: [] };
      const queue = await ctx.ledger.listParked(key, free + 1);
      const mine = queue.findIndex((entry) => entry.path === record.path);
      const ahead = mine === -1 ? queue.length : mine;
      if (ahead >= free) return { kind: 'park', cause, key, writes: [] };
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
