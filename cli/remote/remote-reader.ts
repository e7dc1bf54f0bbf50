import { z } from 'zod';
import { executionStatuses, type SkeinEvent, type StoredValue } from '../../core/execution/index.ts';
import { executionId, taskPath, type ExecutionId } from '../../core/ids/index.ts';
import { parseJson, type Json } from '../../core/json/index.ts';
import type { Plan } from '../../core/plan/index.ts';
import type { PublishedVersion, ViewFilter } from '../../core/ports/index.ts';
import { foldEvents, verifyHistory, type Explanation } from '../../core/projections/index.ts';
import type { ExecutionHead, ExecutionReader } from '../execution-reader.ts';
import type { ApiClient } from './client.ts';

const time = z.iso.datetime().transform((text) => Date.parse(text));

const summary = z.object({
  execution_id: z.string(),
  workflow_id: z.string(),
  version: z.string(),
  status: z.enum(executionStatuses),
  queue: z
    .object({
      limit: z.enum(['max_executions', 'key']),
      size: z.int(),
      value: z.string().optional(),
      position: z.int(),
      executions: z.array(z.string()),
      since: time,
    })
    .optional(),
  started_at: time,
  ended_at: time.optional(),
  parent: z.object({ execution_id: z.string(), task: z.string() }).optional(),
});

/** A deployment before budgets were told has none here. */
const budgeted = z.object({
  budget: z
    .array(
      z.object({
        budget: z.enum(['usd', 'tokens', 'calls']),
        limit: z.number(),
        used: z.number(),
        reserved: z.number(),
      }),
    )
    .optional(),
});

const eventRow = z.object({
  type: z.string(),
  task: z.string().optional(),
  n: z.int(),
  lamport: z.int(),
  time,
  data: z.looseObject({}),
});

const explanation = z.object({
  sentence: z.string(),
  chain: z.array(z.object({ task: z.string().optional(), kind: z.string(), sentence: z.string() })),
  next: z.object({ what: z.string(), who: z.string(), command: z.string().optional() }).optional(),
});

const workflowRow = z.object({ workflow_id: z.string() });
const versionRow = z.object({ version: z.string(), digest: z.string(), published_at: time });

/** The longest pages that the API gives: a history has thousands of events. */
const EVENTS_A_PAGE = 1_000;
const EXECUTIONS_A_PAGE = 100;

const pathOf = (id: string): string => `/api/v1/executions/${encodeURIComponent(id)}`;

/**
 * Executions of a deployment, as those of a database are read: its views are folded here, of the events that it tells. What it does
 * not tell are its ledger's records and views, so `verify` holds its history alone against the promises.
 */
export function createRemoteReader(client: ApiClient): ExecutionReader {
  const headOf = (id: ExecutionId) => client.json({ path: pathOf(id) }, summary).then(asHead);
  const planOf = async ({ workflow, version }: ExecutionHead): Promise<Plan> => {
    const path = `/api/v1/workflows/${encodeURIComponent(workflow)}`;
    const text = await client.text({ path, query: { version }, accept: 'application/vnd.skein.plan+json' });
    // The compiler's own plan, as it stands in the deployment's store.
    return parseJson(text) as unknown as Plan;
  };
  const eventsOf = (id: ExecutionId) => readEvents(client, id);

  return {
    list: async (filter) => (await listSummaries(client, filter)).map(asHead),
    async workflows() {
      const workflows = await client.entries(
        { path: '/api/v1/workflows' },
        { member: 'workflows', schema: workflowRow },
      );
      const versions = [];
      for (const { workflow_id: name } of workflows) versions.push(...(await versionsOf(client, name)));
      return versions;
    },
    view: async (id) => foldEvents(await eventsOf(id)),
    plan: async (id) => planOf(await headOf(id)),
    budget: async (id) => (await client.json({ path: pathOf(id) }, budgeted)).budget ?? [],
    events: eventsOf,
    async explain(id, path) {
      const found = await client.json({ path: `${pathOf(id)}/explain`, query: { task: path } }, explanation);
      const chain = found.chain.map(({ task, ...link }) => ({
        path: task === undefined ? '' : taskPath(task),
        ...link,
      }));
      // Kinds of links are told as they are stored; a newer deployment may have more of them, and a link is printed by its sentence.
      return { ...found, chain } as unknown as Explanation;
    },
    async verify(id) {
      const [events, plan] = await Promise.all([eventsOf(id), headOf(id).then(planOf)]);
      return verifyHistory({ events, plan });
    },
    value: (stored, id) => valueOf(client, stored, id),
    // Whoever deploys it has it run what is unfinished.
    isAttended: () => true,
  };
}

export async function readEvents(client: ApiClient, id: ExecutionId): Promise<readonly SkeinEvent[]> {
  const request = { path: `${pathOf(id)}/events`, query: { limit: EVENTS_A_PAGE } };
  const rows = await client.entries(request, { member: 'events', schema: eventRow });
  return rows.map((row) => eventOf(id, row));
}

function eventOf(execution: ExecutionId, { task, ...row }: z.infer<typeof eventRow>): SkeinEvent {
  // The body is the event's own, as the engine has written it; its envelope was checked.
  return { ...row, execution, path: task === undefined ? '' : taskPath(task) } as unknown as SkeinEvent;
}

function listSummaries(client: ApiClient, { status, workflow, limit }: ViewFilter) {
  const query = { status, workflow_id: workflow, limit: Math.min(limit, EXECUTIONS_A_PAGE) };
  return client.entries({ path: '/api/v1/executions', query }, { member: 'executions', schema: summary }, limit);
}

function asHead(row: z.infer<typeof summary>): ExecutionHead {
  const {
    execution_id,
    workflow_id: workflow,
    version,
    status,
    started_at: startedAt,
    ended_at: endedAt,
    parent,
    queue,
  } = row;
  return {
    execution: executionId(execution_id),
    workflow,
    version,
    status,
    startedAt,
    ...(queue && { queued: queuedOf(queue) }),
    ...(endedAt !== undefined && { endedAt }),
    ...(parent && { parent: { execution: executionId(parent.execution_id), path: taskPath(parent.task) } }),
  };
}

function queuedOf({ executions, since: at, value, ...place }: NonNullable<z.infer<typeof summary>['queue']>) {
  return { ...place, ...(value !== undefined && { value }), holders: executions.map(executionId), at };
}

async function versionsOf(client: ApiClient, name: string): Promise<readonly PublishedVersion[]> {
  const path = `/api/v1/workflows/${encodeURIComponent(name)}/versions`;
  const rows = await client.entries({ path }, { member: 'versions', schema: versionRow });
  return rows.map(({ version, digest, published_at: publishedAt }) => ({ name, version, digest, publishedAt }));
}

/** Large values are asked for by the execution that they belong to. */
async function valueOf(client: ApiClient, stored: StoredValue, execution: ExecutionId): Promise<Json> {
  if ('inline' in stored) return stored.inline;
  return parseJson(await client.text({ path: `${pathOf(execution)}/artifacts/${stored.blob}` }));
}
