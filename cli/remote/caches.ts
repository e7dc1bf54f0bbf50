import { z } from 'zod';
import type { ApiClient } from './client.ts';

const cache = z.object({ workflow_id: z.string(), answers: z.record(z.string(), z.int()) });

/** Answers that are kept for a workflow, by task. */
export type ListedCache = z.infer<typeof cache>;

const cleared = z.object({ workflow_id: z.string(), task: z.exactOptional(z.string()), cleared: z.int() });

export type ClearedCache = z.infer<typeof cleared>;

export async function listCaches(client: ApiClient): Promise<readonly ListedCache[]> {
  return (await client.json({ path: '/api/v1/caches' }, z.object({ caches: z.array(cache) }))).caches;
}

/** Clearing what is clear changes nothing, so that this may be sent again. */
export function clearCache(client: ApiClient, workflow: string, task: string | undefined): Promise<ClearedCache> {
  const path = `/api/v1/caches/${encodeURIComponent(workflow)}/clear`;
  return client.json({ method: 'POST', path, json: task === undefined ? {} : { task } }, cleared);
}
