import { executionStatuses, isTerminal, type ExecutionRecord } from '../../core/execution/index.ts';
import type { TenantRuntime, TenantStores } from '../runtime.ts';
import { storeView } from '../store-view.ts';

/** Of one status in one sweep. */
const MOST_VIEWS = 200;

/** Views of executions that have ended and do not show it: what told of their last events was lost, and no other will come. */
export async function catchUpViews({ stores }: TenantRuntime, before: number): Promise<readonly string[]> {
  const finds: string[] = [];
  for (const status of executionStatuses.filter((each) => !isTerminal(each))) {
    for (const { execution } of await stores.views.list({ status, limit: MOST_VIEWS })) {
      const record = await stores.ledger.findExecution(execution);
      if (record && isTerminal(record.status)) finds.push(...(await catchUpView(stores, record, before)));
    }
  }
  return finds;
}

/** `before`: only what has been so since then was lost; younger changes are on their way. */
export async function catchUpView(
  stores: TenantStores,
  record: ExecutionRecord | undefined,
  before: number,
): Promise<readonly string[]> {
  if (!record || (record.endedAt ?? record.startedAt) > before) return [];
  const view = await stores.views.find(record.id);
  if (view?.status === record.status) return [];
  await storeView(stores, record.id);
  return [`view ${record.id}`];
}
