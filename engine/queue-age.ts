import type { LedgerStore } from '../core/ports/index.ts';
import { ageAt, type QueueAge } from '../core/resilience/index.ts';

/** Of the tenant's own work: one that has too much of it does not have others refused. */
const QUEUE_AGE = 'overload/timers';

/** Milliseconds: how late the tenant's work is at the moment. */
export async function findQueueAge(ledger: Pick<LedgerStore, 'findControl'>, now: number): Promise<number> {
  const record = await ledger.findControl(QUEUE_AGE);
  // Nobody else writes there.
  return record ? ageAt(record.value as QueueAge, now) : 0;
}

/** Lets everybody know. Whoever else writes at the same moment has seen the same. */
export async function recordQueueAge(
  ledger: Pick<LedgerStore, 'findControl' | 'commit'>,
  value: QueueAge,
): Promise<void> {
  const before = await ledger.findControl(QUEUE_AGE);
  await ledger.commit([{ kind: 'control', record: { key: QUEUE_AGE, value, revision: (before?.revision ?? 0) + 1 } }]);
}
