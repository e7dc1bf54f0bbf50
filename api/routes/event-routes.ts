import * as z from 'zod';
import { route, type Route } from '../route.ts';
import { givenJson, takable } from '../schemas/given-json.ts';

/** A name that is stored and shown. */
const label = z.string().min(1).max(200);

const publish = route({
  method: 'POST',
  path: '/api/v1/events',
  operation: 'publishEvent',
  summary: 'Publishes an event on the coordination bus, for tasks that wait for it.',
  access: 'workflow:execute',
  body: z.strictObject({
    type: label,
    data: givenJson,
    id: label.optional().meta({ description: 'Publishing the same id again changes nothing; default: a new one.' }),
  }),
  maxBytes: 262_144,
  isIdempotent: true,
  answers: { 202: { meaning: 'It is recorded.', schema: z.object({ event_id: z.string() }) } },
  problems: {},
  handle: async ({ body: { type, data, id: given } }, { services, principal, id }) => {
    const event = given ?? id.replace(/^exec_/, 'evt_');
    await services.executions.publish({
      id: event,
      type,
      source: principal.subject,
      data: takable(data, 'event_refused', "The event's data"),
    });
    return { status: 202, body: { event_id: event } };
  },
});

export const eventRoutes: readonly Route[] = [publish];
