import * as z from 'zod';
import { getPublished } from '../find-published.ts';
import { route, type Route } from '../route.ts';

const cache = z
  .object({
    workflow_id: z.string(),
    answers: z.record(z.string(), z.int()).meta({ description: 'How many are kept, by task.' }),
  })
  .meta({
    id: 'cache',
    description: 'Answers of agents that are kept for the tasks of a workflow, whatever its version.',
  });

const list = route({
  method: 'GET',
  path: '/api/v1/caches',
  operation: 'listCaches',
  summary: 'Caches of workflows that have asked for an answer, by name.',
  access: 'workflow:read',
  answers: { 200: { meaning: 'All of them.', schema: z.object({ caches: z.array(cache) }) } },
  problems: {},
  handle: async (_request, { services }) => {
    const caches = await services.executions.listCaches();
    return {
      status: 200,
      body: { caches: caches.map(({ workflow, answers }) => ({ workflow_id: workflow, answers: { ...answers } })) },
    };
  },
});

const clear = route({
  method: 'POST',
  path: '/api/v1/caches/{workflow}/clear',
  operation: 'clearCache',
  summary: 'Takes answers out of the cache of a workflow: the next call is made. One that is being made goes on.',
  access: 'execution:control',
  body: z.strictObject({
    task: z.string().min(1).max(200).optional().meta({ description: 'Only of this task; absent: of all.' }),
  }),
  answers: {
    200: {
      meaning: 'They are out.',
      schema: z.object({ workflow_id: z.string(), task: z.string().optional(), cleared: z.int() }),
    },
  },
  problems: { 400: 'The body does not fit.', 404: 'There is no such workflow.' },
  handle: async ({ param, body: { task } }, { services, principal }) => {
    const workflow = param('workflow');
    await getPublished(services, workflow, undefined);
    const only = task === undefined ? {} : { task };
    const cleared = await services.executions.clearCache({ workflow, ...only, by: principal.subject });
    return { status: 200, body: { workflow_id: workflow, ...only, cleared } };
  },
});

export const cacheRoutes: readonly Route[] = [list, clear];
