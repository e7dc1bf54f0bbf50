import { z } from 'zod';
import { incidentStatuses, type IncidentStatus } from '../../core/execution/index.ts';
import type { ApiClient } from './client.ts';

const time = z.iso.datetime().transform((text) => Date.parse(text));

const incident = z.object({
  incident_id: z.string(),
  source: z.string(),
  status: z.enum(incidentStatuses),
  reason: z.string(),
  letters: z.int(),
  first_seen: time,
  last_seen: time,
  execution_id: z.exactOptional(z.string()),
  task: z.exactOptional(z.string()),
  body: z.object({ blob: z.exactOptional(z.string()), bytes: z.int() }),
  acts: z.array(z.object({ did: z.string(), by: z.string(), at: time, why: z.exactOptional(z.string()) })),
});

/** A letter that nobody could deal with. Times are epoch milliseconds. */
export type ListedIncident = z.infer<typeof incident>;

export interface ActedOn {
  readonly incident_id: string;
  readonly status: IncidentStatus;
  /** What is left to do; absent where the engine goes on by itself. */
  readonly next?: string;
}

const page = z.object({ incidents: z.array(incident), next_cursor: z.exactOptional(z.string()) });

/** Of one status; undefined: of all. */
export async function listIncidents(
  client: ApiClient,
  status: IncidentStatus | undefined,
): Promise<readonly ListedIncident[]> {
  const found: ListedIncident[] = [];
  for (let cursor: string | undefined, isLast = false; !isLast;) {
    const query = { ...(status && { status }), ...(cursor !== undefined && { cursor }) };
    const answer = await client.json({ path: '/api/v1/incidents', query }, page);
    found.push(...answer.incidents);
    cursor = answer.next_cursor;
    isLast = cursor === undefined;
  }
  return found;
}

const pathOf = (id: string): string => `/api/v1/incidents/${encodeURIComponent(id)}`;

export async function getIncident(client: ApiClient, id: string): Promise<ListedIncident> {
  return client.json({ path: pathOf(id) }, incident);
}

/** One that was redriven is not sent again, so that this may be. */
export async function redriveIncident(client: ApiClient, id: string): Promise<ActedOn> {
  const { status } = await client.json({ method: 'POST', path: `${pathOf(id)}/redrive` }, incident);
  return { incident_id: id, status };
}

export async function closeIncident(client: ApiClient, id: string, why: string | undefined): Promise<ActedOn> {
  const json = why === undefined ? {} : { why };
  const { status } = await client.json({ method: 'POST', path: `${pathOf(id)}/close`, json }, incident);
  return { incident_id: id, status };
}
