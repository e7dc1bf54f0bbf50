import type { ControlRecord, LimitRecord } from '../../core/execution/index.ts';
import type { LedgerStore, LedgerWrite } from '../../core/ports/index.ts';

type Conditioned = Extract<LedgerWrite, { kind: 'control' | 'limit' }>;

/** Takes records of one kind whatever has been written since the look: what a condition on their revision keeps from happening, happens. */
export function withoutRevisions(ledger: LedgerStore, kind: Conditioned['kind']): LedgerStore {
  const storedAt = (write: Conditioned): Promise<ControlRecord | LimitRecord | undefined> =>
    write.kind === 'control'
      ? ledger.findControl(write.record.key)
      : ledger.findLimit(write.record.execution, write.record.limit);
  const commit: LedgerStore['commit'] = async (writes) => {
    const blind = await Promise.all(
      writes.map(async (write) => {
        if (write.kind !== kind) return write;
        const revision = ((await storedAt(write))?.revision ?? 0) + 1;
        return { ...write, record: { ...write.record, revision } } as LedgerWrite;
      }),
    );
    const result = await ledger.commit(blind);
    const isBeaten = result === 'conflict' && writes.some((write) => write.kind === kind);
    return isBeaten ? commit(writes) : result;
  };
  return { ...ledger, commit };
}
