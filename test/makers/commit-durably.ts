import type { CommitResult, LedgerStore, LedgerWrite } from '../../core/ports/index.ts';

/** Commits and waits until it is durable: what has to be done before anybody is told. */
export async function commitDurably(ledger: LedgerStore, writes: readonly LedgerWrite[]): Promise<CommitResult> {
  const result = await ledger.commit(writes);
  await ledger.durable();
  return result;
}
