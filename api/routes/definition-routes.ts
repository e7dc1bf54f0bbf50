import * as z from 'zod';
import { mermaidOf } from '../../core/plan/index.ts';
import type { PublishedVersion, PublishedWorkflow } from '../../core/ports/index.ts';
import { cursors, nextCursor, pageOf, pageQuery } from '../cursor.ts';
import { getPublished } from '../find-published.ts';
import { negotiate } from '../negotiate.ts';
import { route, type Route } from '../route.ts';
import { anyJson, time, timeOf, workflowId } from '../schemas/values.ts';

const page = { usual: 50, most: 500 };
const names = cursors(z.tuple([z.string()]));

const listed = z.object({
  workflow_id: workflowId,
  latest_version: z.string(),
  versions: z.int(),
  published_at: time,
  url: z.url(),
});

const list = route({
  method: 'GET',
  path: '/api/v1/workflows',
  operation: 'listWorkflows',
  summary: 'The workflows that are published, by name.',
  access: 'workflow:read',
  query: z.object(pageQuery(page)),
  answers: {
    200: { meaning: 'A page of them.', schema: z.object({ workflows: z.array(listed), next_cursor: nextCursor }) },
  },
  problems: {},
  handle: async ({ query, urlOf }, { services }) => {
    const [after = ''] = names.read(query.cursor) ?? [];
    const versions = Map.groupBy(await services.definitions.list(), ({ name }) => name);
    const found = [...versions].filter(([name]) => name > after);
    const { entries, ...next } = pageOf(found, query.limit, ([name]) => names.write([name]));
    const workflows = entries.map(([name, all]) => ({
      workflow_id: name,
      ...latestOf(all),
      versions: all.length,
      url: urlOf(`/api/v1/workflows/${name}`),
    }));
    return { status: 200, body: { workflows, ...next } };
  },
});

/** The list goes from the oldest to the newest. */
function latestOf(versions: readonly PublishedVersion[]) {
  const latest = versions.at(-1);
  return { latest_version: latest?.version ?? '', published_at: timeOf(latest?.publishedAt ?? 0) };
}

const described = z
  .object({
    workflow_id: workflowId,
    version: z.string(),
    digest: z.string().meta({ description: 'SHA-256 of what the version holds.' }),
    published_at: time,
    description: z.string().optional(),
    tags: z.array(z.string()),
    input: anyJson.optional().meta({ description: 'JSON Schema of the input.' }),
    agents: z.record(z.string(), z.object({ type: z.string(), count: z.int(), capabilities: z.array(z.string()) })),
    tasks: z.array(z.object({ id: z.string(), kind: z.string(), depends_on: z.array(z.string()) })),
  })
  .meta({ id: 'workflow_version' });

const ASL = 'application/vnd.skein.asl+json';
const MERMAID = 'text/vnd.mermaid';
const PLAN = 'application/vnd.skein.plan+json';
const forms = ['application/json', ASL, MERMAID, PLAN] as const;

const get = route({
  method: 'GET',
  path: '/api/v1/workflows/{id}',
  operation: 'getWorkflow',
  summary: 'A version of a workflow: what it does, its machine, or its graph, as `Accept` asks for.',
  access: 'workflow:read',
  query: z.object({ version: z.string().max(200).optional().meta({ description: 'Default: the latest.' }) }),
  answers: {
    200: {
      meaning: 'The version.',
      schema: described,
      others: {
        [ASL]: 'The Step Functions machine; of several the root and its parts: `{root, parts}`.',
        [MERMAID]: 'A drawing of the graph.',
        [PLAN]: 'What the compiler has decided, with every default written out.',
      },
      headers: { etag: 'For `If-None-Match`.' },
    },
    304: { meaning: 'It is what `If-None-Match` names.' },
  },
  problems: { 404: 'The workflow, or the version, is not published.', 406: 'None of the forms is acceptable.' },
  handle: async ({ param, query, header }, { services }) => {
    const workflow = await getPublished(services, param('id'), query.version);
    const form = negotiate(header('accept'), forms);
    const etag = `"${workflow.digest.slice(0, 32)}.${forms.indexOf(form)}"`;
    const headers = { etag, vary: 'accept', 'cache-control': 'private, no-cache' };
    if (isKnown(header('if-none-match'), etag)) return { status: 304, headers };
    switch (form) {
      case ASL:
        return { status: 200, headers, text: { type: ASL, content: JSON.stringify(machineOf(workflow)) } };
      case MERMAID:
        return { status: 200, headers, text: { type: MERMAID, content: mermaidOf(workflow.plan) } };
      case PLAN:
        return { status: 200, headers, text: { type: PLAN, content: JSON.stringify(workflow.plan) } };
      default:
        return { status: 200, headers, body: describe(workflow) };
    }
  },
});

function isKnown(ifNoneMatch: string | undefined, etag: string): boolean {
  const known = (ifNoneMatch ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return known.includes('*') || known.includes(etag);
}

function machineOf({ machine, parts }: PublishedWorkflow) {
  return parts ? { root: machine, parts } : machine;
}

function describe({ name, version, digest, publishedAt, plan }: PublishedWorkflow): z.infer<typeof described> {
  const { workflow, input, agents, tasks } = plan;
  return {
    workflow_id: name,
    version,
    digest,
    published_at: timeOf(publishedAt),
    ...(workflow.description !== undefined && { description: workflow.description }),
    tags: [...workflow.tags],
    ...(input && { input }),
    agents: Object.fromEntries(
      Object.entries(agents).map(([agent, { type, count, capabilities }]) => [
        agent,
        { type, count, capabilities: [...capabilities] },
      ]),
    ),
    tasks: tasks.map(({ id, kind, dependsOn }) => ({ id, kind, depends_on: dependsOn.map(({ task }) => task) })),
  };
}

const versions = route({
  method: 'GET',
  path: '/api/v1/workflows/{id}/versions',
  operation: 'listWorkflowVersions',
  summary: 'The published versions of a workflow, oldest first.',
  access: 'workflow:read',
  query: z.object(pageQuery(page)),
  answers: {
    200: {
      meaning: 'A page of them.',
      schema: z.object({
        versions: z.array(z.object({ version: z.string(), digest: z.string(), published_at: time })),
        next_cursor: nextCursor,
      }),
    },
  },
  problems: { 404: 'The workflow is not published.' },
  handle: async ({ param, query }, { services }) => {
    const all = (await services.definitions.list()).filter(({ name }) => name === param('id'));
    if (all.length === 0) await getPublished(services, param('id'), undefined);
    const place = names.read(query.cursor);
    const rest = place ? all.slice(1 + all.findIndex(({ version }) => version === place[0])) : all;
    const { entries, ...next } = pageOf(rest, query.limit, ({ version }) => names.write([version]));
    const told = entries.map(({ version, digest, publishedAt }) => ({
      version,
      digest,
      published_at: timeOf(publishedAt),
    }));
    return { status: 200, body: { versions: told, ...next } };
  },
});

export const definitionRoutes: readonly Route[] = [list, get, versions];
