import { z } from 'zod';
import type { ApiClient } from './client.ts';

const time = z.iso.datetime().transform((text) => Date.parse(text));

const queue = { waiting: z.int(), queue: z.array(z.object({ execution_id: z.string(), task: z.string() })) };

const pool = z.object({
  pool: z.string(),
  capacity: z.int(),
  strategy: z.string(),
  max_queue: z.exactOptional(z.int()),
  held: z.int(),
  slots: z.array(
    z.object({
      slot: z.int(),
      instance: z.int(),
      token: z.int(),
      execution_id: z.string(),
      task: z.string(),
      attempt: z.int(),
      since: time,
    }),
  ),
  instances: z.array(
    z.object({
      instance: z.int(),
      status: z.enum(['idle', 'busy', 'draining', 'offline']),
      slots: z.int(),
      held: z.int(),
    }),
  ),
  ...queue,
});

const rate = z.object({
  agent: z.string(),
  calls: z.int(),
  per: z.number(),
  free: z.int(),
  next_at: z.exactOptional(time),
  ...queue,
});

/** A resource pool. Times are epoch milliseconds. */
export type ListedPool = z.infer<typeof pool>;

/** How often an agent type is called. `per` in seconds, times in epoch milliseconds. */
export type ListedRate = z.infer<typeof rate>;

export interface ListedPools {
  readonly pools: readonly ListedPool[];
  readonly rates: readonly ListedRate[];
}

export interface ChangedInstance {
  readonly pool: string;
  readonly instance: number;
  readonly to: 'closed' | 'opened';
  /** What is left to do; absent where the engine goes on by itself. */
  readonly next?: string;
}

export async function listPools(client: ApiClient): Promise<ListedPools> {
  return client.json({ path: '/api/v1/pools' }, z.object({ pools: z.array(pool), rates: z.array(rate) }));
}

/** An instance that is so already stays as it is, so that this may be sent again. */
export async function changeInstance(
  client: ApiClient,
  change: Omit<ChangedInstance, 'next'>,
): Promise<ChangedInstance> {
  const verb = change.to === 'closed' ? 'drain' : 'open';
  const path = `/api/v1/pools/${encodeURIComponent(change.pool)}/instances/${change.instance}/${verb}`;
  await client.json({ method: 'POST', path }, pool);
  return change;
}
