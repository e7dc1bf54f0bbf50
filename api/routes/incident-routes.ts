import * as z from 'zod';
import { incidentStatuses, letterSources, type Incident } from '../../core/execution/index.ts';
import { cursors, nextCursor, pageOf, pageQuery } from '../cursor.ts';
import { route, type Route } from '../route.ts';
import { executionIdText, time, timeOf } from '../schemas/values.ts';

const incident = z
  .object({
    incident_id: z.string().meta({ description: '`inc_` and 26 characters.' }),
    source: z.enum(letterSources).meta({ description: 'What could not deal with it.' }),
    status: z.enum(incidentStatuses),
    reason: z.string().meta({ description: 'Why the last letter was given up.' }),
    letters: z.int().meta({ description: 'How often it was given up.' }),
    first_seen: time,
    last_seen: time,
    execution_id: executionIdText.optional(),
    task: z.string().optional().meta({ description: 'Path of the task.' }),
    body: z
      .object({ blob: z.string().optional(), bytes: z.int() })
      .meta({ description: 'What the letter said is kept and never shown; a large one by this digest.' }),
    acts: z
      .array(z.object({ did: z.enum(['redriven', 'closed']), by: z.string(), at: time, why: z.string().optional() }))
      .meta({ description: 'What was done about it, oldest first.' }),
  })
  .meta({ id: 'incident', description: 'A message that nobody could deal with, and what became of it.' });

function shown({ id, body, firstSeen, lastSeen, acts, execution, ...rest }: Incident): z.infer<typeof incident> {
  const { source, status, reason, letters, task } = rest;
  return {
    incident_id: id,
    source,
    status,
    reason,
    letters,
    first_seen: timeOf(firstSeen),
    last_seen: timeOf(lastSeen),
    ...(execution !== undefined && { execution_id: execution }),
    ...(task !== undefined && { task }),
    body: 'blob' in body ? body : { bytes: Buffer.byteLength(JSON.stringify(body.inline)) },
    acts: acts.map((act) => ({ ...act, at: timeOf(act.at) })),
  };
}

const places = cursors(z.tuple([z.number(), z.string()]));

const list = route({
  method: 'GET',
  path: '/api/v1/incidents',
  operation: 'listIncidents',
  summary: 'Messages that nobody could deal with (dead letters), the last seen first.',
  access: 'execution:recover',
  query: z.object({ ...pageQuery({ usual: 50, most: 200 }), status: z.enum(incidentStatuses).optional() }),
  answers: {
    200: { meaning: 'A page of them.', schema: z.object({ incidents: z.array(incident), next_cursor: nextCursor }) },
  },
  problems: {},
  handle: async ({ query }, { services: { executions } }) => {
    const [until = Infinity, id = ''] = places.read(query.cursor) ?? [];
    const found = await executions.listIncidents(query.status === undefined ? {} : { status: query.status });
    const rest = found.filter((it) => it.lastSeen < until || (it.lastSeen === until && it.id > id));
    const { entries, ...next } = pageOf(rest, query.limit, (last) => places.write([last.lastSeen, last.id]));
    return { status: 200, body: { incidents: entries.map(shown), ...next } };
  },
});

const one = route({
  method: 'GET',
  path: '/api/v1/incidents/{id}',
  operation: 'getIncident',
  summary: 'One of them.',
  access: 'execution:recover',
  answers: { 200: { meaning: 'As it is now.', schema: incident } },
  problems: { 404: 'There is no such incident.' },
  handle: async ({ param }, { services: { executions } }) => ({
    status: 200,
    body: shown(await executions.getIncident(param('id'))),
  }),
});

const redrive = route({
  method: 'POST',
  path: '/api/v1/incidents/{id}/redrive',
  operation: 'redriveIncident',
  summary: 'Sends the message on its way again. Changes nothing for one that was redriven and has not come back.',
  access: 'execution:recover',
  answers: { 200: { meaning: 'It is on its way.', schema: incident } },
  problems: {
    404: 'There is no such incident.',
    409: 'It is closed (`incident_closed`), or there is nothing that could be sent (`not_redrivable`).',
  },
  handle: async ({ param }, { services: { executions }, principal }) => ({
    status: 200,
    body: shown(await executions.redriveIncident(param('id'), principal.subject)),
  }),
});

const close = route({
  method: 'POST',
  path: '/api/v1/incidents/{id}/close',
  operation: 'closeIncident',
  summary: 'Says that nothing more is to be done about it; another message of the kind opens it again.',
  access: 'execution:recover',
  body: z.strictObject({
    why: z.string().min(1).max(1000).optional().meta({ description: 'For those who ask later.' }),
  }),
  answers: { 200: { meaning: 'It is closed.', schema: incident } },
  problems: { 404: 'There is no such incident.' },
  handle: async ({ param, body: { why } }, { services: { executions }, principal }) => {
    const asked = { by: principal.subject, ...(why !== undefined && { why }) };
    return { status: 200, body: shown(await executions.closeIncident(param('id'), asked)) };
  },
});

export const incidentRoutes: readonly Route[] = [list, one, redrive, close];
