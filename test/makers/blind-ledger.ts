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

/** As above for the records of tasks, and for the numbers of their events, which would keep the same from happening. */
export function withoutTaskConditions(ledger: LedgerStore): LedgerStore {
  const commit: LedgerStore['commit'] = async (writes) => {
    const blind: LedgerWrite[] = [];
    const last = new Map<string, number>();
    for (const write of writes) {
      if (write.kind === 'task') {
        const { execution, path } = write.record;
        const revision = ((await ledger.findTask(execution, path))?.revision ?? 0) + 1;
        blind.push({ ...write, record: { ...write.record, revision } });
      } else if (write.kind === 'event' && write.event.path !== '') {
        const { execution, path } = write.event;
        const stored = (await ledger.listEvents(execution)).filter((event) => event.path === path);
        const n = (last.get(path) ?? stored.at(-1)?.n ?? 0) + 1;
        last.set(path, n);
        blind.push({ ...write, event: { ...write.event, n } });
      } else blind.push(write);
    }
    return ledger.commit(blind);
  };
  return { ...ledger, commit };
}
