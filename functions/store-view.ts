import type { ExecutionId } from '../core/ids/index.ts';
import { foldEvents, type ExecutionView } from '../core/projections/index.ts';
import type { SkeinEvent } from '../core/execution/index.ts';
import type { TenantStores } from './runtime.ts';

/** The view of an execution as its events tell it, which are read anew: it cannot be older than whoever asks. */
export async function storeView(
  { ledger, views }: Pick<TenantStores, 'ledger' | 'views'>,
  execution: ExecutionId,
): Promise<{ readonly view: ExecutionView; readonly events: readonly SkeinEvent[] }> {
  const events = await ledger.listEvents(execution);
  const view = foldEvents(events);
  await views.put(view);
  return { view, events };
}
