import { isNews, noteLate, type QueueAge } from '../../core/resilience/index.ts';
import { recordQueueAge } from '../../engine/index.ts';
import type { TenantRuntime } from '../runtime.ts';

/** By tenant; what this container has seen and written down. */
const seen = new Map<string, QueueAge>();
const written = new Map<string, QueueAge>();

/** How long a due message has waited in its queue is how far the engine is behind; admission goes by that. */
export async function noteQueueAge({ tenant, stores }: TenantRuntime, late: number, now: number): Promise<void> {
  const noted = noteLate(seen.get(tenant), late, now);
  seen.set(tenant, noted);
  if (!isNews(written.get(tenant), noted)) return;
  await recordQueueAge(stores.ledger, noted);
  written.set(tenant, noted);
}
