import * as z from 'zod';
import { orchestrationPatterns } from '../patterns.ts';
import { route, type Route } from '../route.ts';

const patterns = route({
  method: 'GET',
  path: '/api/v1/patterns/available',
  operation: 'listPatterns',
  summary: 'The orchestration patterns that are executed here.',
  access: 'workflow:read',
  answers: {
    200: {
      meaning: 'All of them.',
      schema: z.object({ patterns: z.array(z.object({ name: z.string(), description: z.string() })) }),
    },
  },
  problems: {},
  handle: async () => ({ status: 200, body: { patterns: orchestrationPatterns } }),
});

const health = route({
  method: 'GET',
  path: '/health',
  operation: 'getHealth',
  summary: 'Whether the server lives.',
  access: 'public',
  answers: {
    200: { meaning: 'It does.', schema: z.object({ status: z.literal('ok'), version: z.string() }) },
  },
  problems: {},
  handle: async (_request, { version }) => ({ status: 200, body: { status: 'ok', version } }),
});

const check = z.enum(['ok', 'failed']);
const readiness = z.object({ status: z.enum(['ready', 'not_ready']), checks: z.record(z.string(), check) });

const ready = route({
  method: 'GET',
  path: '/ready',
  operation: 'getReadiness',
  summary: 'Whether what the server depends on answers.',
  access: 'public',
  answers: {
    200: { meaning: 'All of it does.', schema: readiness },
    503: { meaning: 'Not all of it does: `checks` says what.', schema: readiness },
  },
  problems: {},
  handle: async (_request, { checks }) => {
    const results = await Promise.all(
      Object.entries(checks).map(async ([name, answers]) => {
        const result = await answers().then(
          () => 'ok' as const,
          () => 'failed' as const,
        );
        return [name, result] as const;
      }),
    );
    const isReady = results.every(([, result]) => result === 'ok');
    return {
      status: isReady ? 200 : 503,
      body: { status: isReady ? 'ready' : 'not_ready', checks: Object.fromEntries(results) },
    };
  },
});

const capacity = route({
  method: 'GET',
  path: '/workflow-capacity',
  operation: 'getWorkflowCapacity',
  summary: 'How many executions may start now.',
  access: 'workflow:read',
  answers: {
    200: {
      meaning: "The tenant's executions.",
      schema: z.object({
        status: z.enum(['accepting', 'full']),
        max_concurrent_workflows: z.int(),
        active_workflows: z.int(),
        available_capacity: z.int(),
      }),
    },
  },
  problems: {},
  handle: async (_request, { services: { ledger, maxExecutions } }) => {
    const active = (await ledger.listOpenExecutions()).length;
    const available = Math.max(0, maxExecutions - active);
    return {
      status: 200,
      body: {
        status: available > 0 ? 'accepting' : 'full',
        max_concurrent_workflows: maxExecutions,
        active_workflows: active,
        available_capacity: available,
      },
    };
  },
});

export const systemRoutes: readonly Route[] = [patterns, health, ready, capacity];
