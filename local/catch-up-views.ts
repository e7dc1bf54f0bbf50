import { executionStatuses, isTerminal } from '../core/execution/index.ts';
import { foldEvents } from '../core/projections/index.ts';
import type { Stores } from './stores.ts';

/**
 * Writes the views that a dead process has left behind their events; nobody else would do it for an execution that ended in
 * the very moment of its process.
 */
export async function catchUpViews({ ledger, views }: Pick<Stores, 'ledger' | 'views'>): Promise<void> {
  for (const status of executionStatuses.filter((it) => !isTerminal(it))) {
    for (const { execution } of await views.list({ status, limit: Number.MAX_SAFE_INTEGER })) {
      await views.put(foldEvents(await ledger.listEvents(execution)));
    }
  }
}
