import * as z from 'zod';
import { executionStatuses } from '../../core/execution/index.ts';
import { taskPath } from '../../core/ids/index.ts';
import { parseJson } from '../../core/json/index.ts';
import { explain } from '../../core/projections/index.ts';
import { cursors, nextCursor, pageOf, pageQuery } from '../cursor.ts';
import { findStanding } from '../../engine/index.ts';
import { findExecutions, type Traits } from '../find-executions.ts';
import { RequestProblem } from '../problem.ts';
import { budgetTold, getRecord, getView, planOf, told, viewOf } from '../read-execution.ts';
import { route, type Route } from '../route.ts';
import { executionDetail, executionSummary, summaryOf, taskDetail, taskOf } from '../schemas/executions.ts';
import { explanation, explanationOf } from '../schemas/explanation.ts';
import { anyJson, time, timeOf } from '../schemas/values.ts';

const noExecution = { 404: 'There is no such execution.' };
const moment = z.iso
  .datetime({ offset: true })
  .transform((text) => Date.parse(text))
  .optional();

const starts = cursors(z.tuple([z.number(), z.string()]));

const executionQuery = z.object({
  ...pageQuery({ usual: 20, most: 100 }),
  status: z.enum(executionStatuses).optional(),
  workflow_id: z.string().max(200).optional(),
  started_since: moment.meta({ description: 'RFC 3339: at this time or later.' }),
  started_before: moment.meta({ description: 'RFC 3339: before this time.' }),
  tag: z.string().max(200).optional().meta({ description: 'A tag of the version that runs.' }),
  input_field: z.string().min(1).max(200).optional().meta({
    description: 'A member of the input, with dots between keys: `customer.id`. Only with `input_value`.',
  }),
  input_value: z.string().max(1_000).optional().meta({
    description: 'What it must be: a text as it is, anything else as JSON.',
  }),
});
type ExecutionQuery = z.infer<typeof executionQuery>;

const list = route({
  method: 'GET',
  path: '/api/v1/executions',
  operation: 'listExecutions',
  summary: 'Executions, newest first. An execution shows up a moment after its start.',
  access: 'workflow:read',
  query: executionQuery,
  sheds: 'search',
  answers: {
    200: {
      meaning: 'A page of them.',
      schema: z.object({ executions: z.array(executionSummary), next_cursor: nextCursor }),
    },
  },
  problems: {},
  handle: async ({ query }, { services }) => {
    const { status, workflow_id: workflow, started_since: since, started_before: before, limit } = query;
    const traits = traitsOf(query);
    const place = starts.read(query.cursor) ?? (before === undefined ? undefined : ([before, ''] as const));
    const filter = {
      ...(status !== undefined && { status }),
      ...(workflow !== undefined && { workflow }),
      ...(since !== undefined && { since }),
      ...(place && { after: { startedAt: place[0], execution: place[1] } }),
      limit,
    };
    const { found, next } = await findExecutions(services, filter, traits);
    const cursor = next && { next_cursor: starts.write([next.startedAt, next.execution]) };
    return { status: 200, body: { executions: found.map(summaryOf), ...cursor } };
  },
});

function traitsOf({ tag, input_field: field, input_value: value }: ExecutionQuery): Traits {
  if ((field === undefined) !== (value === undefined))
    throw new RequestProblem({
      status: 400,
      code: 'query_invalid',
      detail: '`input_field` and `input_value` belong together.',
    });
  return { tag, ...(field !== undefined && value !== undefined && { input: { field, value } }) };
}

const get = route({
  method: 'GET',
  path: '/api/v1/executions/{id}',
  operation: 'getExecution',
  summary: 'An execution with its input, output and error.',
  access: 'workflow:read',
  answers: { 200: { meaning: 'The execution.', schema: executionDetail } },
  problems: noExecution,
  handle: async ({ param }, { services }) => {
    const record = await getRecord(services, param('id'));
    const view = await viewOf(services, record);
    const { paused } = record;
    const halted = paused && {
      paused: {
        by: paused.by,
        since: timeOf(paused.at),
        ...(paused.why !== undefined && { why: paused.why }),
        checkpoint_id: paused.checkpoint,
      },
    };
    const [input, output] = await Promise.all([
      told(services, 'input', view.input),
      told(services, 'output', view.output),
    ]);
    const budget = await budgetTold(services, record);
    return { status: 200, body: { ...summaryOf(view), ...input, ...output, ...budget, ...halted } };
  },
});

const positions = cursors(z.tuple([z.int().min(0)]));

const tasks = route({
  method: 'GET',
  path: '/api/v1/executions/{id}/tasks',
  operation: 'listTasks',
  summary: 'The tasks that anything has happened to, in the order of their first event.',
  access: 'workflow:read',
  query: z.object(pageQuery({ usual: 100, most: 1_000 })),
  answers: {
    200: { meaning: 'A page of them.', schema: z.object({ tasks: z.array(taskDetail), next_cursor: nextCursor }) },
  },
  problems: noExecution,
  handle: async ({ param, query }, { services }) => {
    const view = await getView(services, param('id'));
    const [from = 0] = positions.read(query.cursor) ?? [];
    const { entries, ...next } = pageOf(view.tasks.slice(from), query.limit, () =>
      positions.write([from + query.limit]),
    );
    return { status: 200, body: { tasks: entries.map(taskOf), ...next } };
  },
});

const event = z
  .object({
    type: z.string(),
    task: z.string().optional().meta({ description: 'Path of the task it is about; absent: the execution itself.' }),
    n: z.int().meta({ description: '1, 2, 3, … without gaps within one task.' }),
    lamport: z.int().meta({ description: 'Orders what depends on one another, whatever the clocks say.' }),
    time,
    data: z.record(z.string(), anyJson),
  })
  .meta({ id: 'event' });

const events = route({
  method: 'GET',
  path: '/api/v1/executions/{id}/events',
  operation: 'listEvents',
  summary: 'The history of an execution: what its views are made of, and can be made of again.',
  access: 'workflow:read',
  query: z.object(pageQuery({ usual: 100, most: 1_000 })),
  answers: {
    200: { meaning: 'A page of it.', schema: z.object({ events: z.array(event), next_cursor: nextCursor }) },
  },
  problems: noExecution,
  handle: async ({ param, query }, { services }) => {
    const { id } = await getRecord(services, param('id'));
    const [from = 0] = positions.read(query.cursor) ?? [];
    const all = await services.ledger.listEvents(id);
    const { entries, ...next } = pageOf(all.slice(from), query.limit, () => positions.write([from + query.limit]));
    const shown = entries.map(({ type, path, n, lamport, time: at, data }) => ({
      type,
      ...(path !== '' && { task: path }),
      n,
      lamport,
      time: timeOf(at),
      data,
    }));
    return { status: 200, body: { events: shown, ...next } };
  },
});

const span = taskDetail
  .pick({ path: true, status: true, agent: true, started_at: true, settled_at: true })
  .extend({ seconds: z.number().optional() });

const timeline = route({
  method: 'GET',
  path: '/api/v1/executions/{id}/timeline',
  operation: 'getTimeline',
  summary: 'When each task worked, earliest first.',
  access: 'workflow:read',
  answers: {
    200: {
      meaning: 'The tasks that have started.',
      schema: executionSummary.pick({ execution_id: true, started_at: true, ended_at: true }).extend({
        tasks: z.array(span),
      }),
    },
  },
  problems: noExecution,
  handle: async ({ param }, { services }) => {
    const view = await getView(services, param('id'));
    const { execution_id, started_at, ended_at } = summaryOf(view);
    const spans = view.tasks
      .flatMap((task) => (task.startedAt === undefined ? [] : [{ ...task, startedAt: task.startedAt }]))
      .sort((a, b) => a.startedAt - b.startedAt)
      .map((task) => {
        const { path, status, agent, started_at: from, settled_at: to } = taskOf(task);
        const seconds = task.settledAt === undefined ? {} : { seconds: (task.settledAt - task.startedAt) / 1000 };
        return { path, status, agent, started_at: from, settled_at: to, ...seconds };
      });
    return { status: 200, body: { execution_id, started_at, ended_at, tasks: spans } };
  },
});

const why = route({
  method: 'GET',
  path: '/api/v1/executions/{id}/explain',
  operation: 'explainExecution',
  summary: 'Why an execution, or one of its tasks, is where it is, down to what must happen next.',
  access: 'workflow:read',
  query: z.object({ task: z.string().max(500).optional().meta({ description: 'Path of a task.' }) }),
  answers: { 200: { meaning: 'The chain of causes.', schema: explanation } },
  problems: { 404: 'There is no such execution, or it has no such task.' },
  handle: async ({ param, query }, { services }) => {
    const execution = await getRecord(services, param('id'));
    const [plan, records] = await Promise.all([planOf(services, execution), services.ledger.listTasks(execution.id)]);
    const queue = await findStanding(services.ledger, execution, plan);
    const at = { now: services.clock.now(), isAttended: true };
    const known = { execution, plan, tasks: records, ...at, ...(queue && { queue }) };
    const path = query.task === undefined ? undefined : taskPath(query.task);
    return { status: 200, body: explanationOf(explain(known, path)) };
  },
});

const checkpoint = z
  .object({
    checkpoint_id: z.string(),
    created_at: time,
    by: z.string(),
    settled_tasks: z.int(),
    state_snapshot: anyJson.optional(),
    state_snapshot_reference: z.object({ digest: z.string(), bytes: z.int() }).optional(),
    recovery_instructions: z.object({ text: z.string(), command: z.string(), url: z.url() }),
  })
  .meta({ id: 'checkpoint' });

const checkpoints = route({
  method: 'GET',
  path: '/api/v1/executions/{id}/checkpoints',
  operation: 'listCheckpoints',
  summary: 'The checkpoints of an execution, oldest first.',
  access: 'workflow:read',
  answers: { 200: { meaning: 'All of them.', schema: z.object({ checkpoints: z.array(checkpoint) }) } },
  problems: noExecution,
  handle: async ({ param, urlOf }, { services }) => {
    const { id } = await getRecord(services, param('id'));
    const made = (await services.ledger.listEvents(id)).flatMap(({ type, time: at, data }) =>
      type === 'workflow.checkpoint_created' ? [{ at, data }] : [],
    );
    const shown = made.map(async ({ at, data: { checkpoint: checkpoint_id, by, settled, snapshot, recovery } }) => ({
      checkpoint_id,
      created_at: timeOf(at),
      by,
      settled_tasks: settled,
      ...(await told(services, 'state_snapshot', snapshot)),
      recovery_instructions: { url: urlOf(`/api/v1/executions/${id}/resume`), ...recovery },
    }));
    return { status: 200, body: { checkpoints: await Promise.all(shown) } };
  },
});

const artifact = route({
  method: 'GET',
  path: '/api/v1/executions/{id}/artifacts/{digest}',
  operation: 'getArtifact',
  summary: 'A value that was too large to be told in place, by the digest that stood there.',
  access: 'workflow:read',
  answers: { 200: { meaning: 'The value.', schema: anyJson } },
  problems: { 404: 'There is no such execution, or no value with this digest.' },
  handle: async ({ param }, { services }) => {
    await getRecord(services, param('id'));
    return { status: 200, body: parseJson(await services.blobs.get(param('digest'))) };
  },
});

export const executionRoutes: readonly Route[] = [list, get, tasks, events, timeline, why, checkpoints, artifact];
