import { z } from 'zod';
import type { ApiClient } from './client.ts';

const compensation = z.object({
  task: z.string(),
  agent: z.string(),
  status: z.enum(['pending', 'compensating', 'compensated', 'compensation_failed']),
  effect: z.string(),
  attempts: z.int(),
  error: z.exactOptional(z.object({ name: z.string(), message: z.string() })),
  resolution: z.exactOptional(z.object({ as: z.enum(['done', 'skipped']), by: z.string(), reason: z.string() })),
  may: z.array(z.enum(['retry', 'done', 'skip'])),
});

/** What a saga does, or has done, about one task. */
export type ListedCompensation = z.infer<typeof compensation>;

const answer = z.object({ compensations: z.array(compensation) });

/** What an operator says about one of them. */
export interface Said {
  readonly task: string;
  readonly action: 'retry' | 'done' | 'skip';
  readonly reason: string;
}

const pathOf = (execution: string): string => `/api/v1/executions/${encodeURIComponent(execution)}/compensations`;

export async function listCompensations(client: ApiClient, execution: string): Promise<readonly ListedCompensation[]> {
  return (await client.json({ path: pathOf(execution) }, answer)).compensations;
}

export async function resolveCompensation(client: ApiClient, execution: string, said: Said): Promise<void> {
  await client.json({ method: 'POST', path: pathOf(execution), json: { ...said } }, answer);
}
