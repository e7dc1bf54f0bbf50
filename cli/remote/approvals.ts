import { z } from 'zod';
import type { Json } from '../../core/json/index.ts';
import type { ApiClient } from './client.ts';

const time = z.iso.datetime().transform((text) => Date.parse(text));

/** What stands in a JSON text is JSON. */
const json = z.unknown().transform((value) => value as Json);

const approval = z.object({
  approval_id: z.string(),
  about: z.enum(['task', 'budget']).optional(),
  workflow_id: z.string(),
  execution_id: z.string(),
  task: z.string(),
  agent: z.string().optional(),
  description: z.string().optional(),
  input: json,
  form: json.optional(),
  requested_at: time,
  deadline: time,
});

/** A question to a person. Times are epoch milliseconds. */
export type OpenApproval = z.infer<typeof approval>;

/** What the caller may decide now, oldest first. */
export function listApprovals(client: ApiClient, execution: string | undefined): Promise<readonly OpenApproval[]> {
  const request = { path: '/api/v1/approvals', query: { execution_id: execution } };
  return client.entries(request, { member: 'approvals', schema: approval });
}

export type Decision =
  { readonly decision: 'approve'; readonly output: Json } | { readonly decision: 'reject'; readonly reason?: string };

const decided = z.object({ approval_id: z.string(), decision: z.enum(['approve', 'reject']), decided_by: z.string() });

export function decide(client: ApiClient, id: string, decision: Decision): Promise<z.infer<typeof decided>> {
  const path = `/api/v1/approvals/${encodeURIComponent(id)}/decision`;
  // Sent again, it would meet its own decision and be told that there is nothing to decide.
  return client.json({ method: 'POST', path, json: { ...decision }, isRepeatable: false }, decided);
}
