import { z } from 'zod';
import type { ApiClient } from './client.ts';

const time = z.iso.datetime().transform((text) => Date.parse(text));

const breaker = z.object({
  agent: z.string(),
  status: z.enum(['closed', 'open', 'half_open']),
  epoch: z.int(),
  since: z.exactOptional(time),
  failures: z.exactOptional(z.int()),
  open_until: z.exactOptional(time),
  opened: z.exactOptional(z.int()),
  last_error: z.exactOptional(z.string()),
});

/** The breaker of an agent type. Times are epoch milliseconds. */
export type ListedBreaker = z.infer<typeof breaker>;

export interface ResetBreaker {
  readonly agent: string;
  readonly status: ListedBreaker['status'];
  /** What is left to do; absent where the engine goes on by itself. */
  readonly next?: string;
}

export async function listBreakers(client: ApiClient): Promise<readonly ListedBreaker[]> {
  const answer = await client.json({ path: '/api/v1/breakers' }, z.object({ breakers: z.array(breaker) }));
  return answer.breakers;
}

/** Resetting one that is closed changes nothing, so that this may be sent again. */
export async function resetBreaker(client: ApiClient, agent: string): Promise<ResetBreaker> {
  const path = `/api/v1/breakers/${encodeURIComponent(agent)}/reset`;
  const { status } = await client.json({ method: 'POST', path }, breaker);
  return { agent, status };
}
