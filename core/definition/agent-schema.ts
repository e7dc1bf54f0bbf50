import { z } from 'zod';
import { count, duration, json, jsonObject, name, optional, text, url } from './scalars.ts';

export const circuitBreaker = z.strictObject({
  failure_threshold: optional(count),
  success_threshold: optional(count),
  timeout_seconds: optional(duration),
  half_open_max_calls: optional(count),
  when_open: optional(z.enum(['fail', 'wait'])),
});

const resources = z.strictObject({
  cpu: optional(
    z.union([
      z.number().positive(),
      z.string().regex(/^\d+(\.\d+)? ?cores?$/, { error: 'must be a number, or a text like `2 cores`' }),
    ]),
  ),
  memory: optional(
    z.string().regex(/^\d+(\.\d+)? ?(KB|MB|GB|KiB|MiB|GiB)$/, { error: 'must be a text like `512MB` or `4GB`' }),
  ),
});

export const agent = z.strictObject({
  type: text,
  count: optional(count),
  capabilities: z.array(text).default([]),
  max_concurrent_tasks: optional(count),
  resources: optional(resources),
  pool: optional(name),
  circuit_breaker: optional(circuitBreaker),
  rate_limit: optional(z.strictObject({ calls: count, per: duration })),
});

export const resourcePool = z.strictObject({
  capacity: count,
  strategy: optional(z.enum(['round_robin', 'least_loaded', 'least_response_time', 'random'])),
  max_queue: optional(z.int().min(0)),
});

const everyType = {
  capabilities: z.array(text).default([]),
  input: optional(jsonObject),
  output: optional(jsonObject),
};

/** An entry of the agent catalogue: how a type of agent runs. Each runtime has keys of its own. */
export const agentType = z.discriminatedUnion('runtime', [
  z.strictObject({ runtime: z.literal('local'), ...everyType, module: text }),
  z.strictObject({
    runtime: z.literal('http'),
    ...everyType,
    url,
    auth: optional(text),
  }),
  z.strictObject({ runtime: z.literal('lambda'), ...everyType, function: text }),
  z.strictObject({
    runtime: z.literal('ecs'),
    ...everyType,
    task_definition: text,
    launch: optional(z.enum(['run_task', 'service'])),
  }),
  z.strictObject({
    runtime: z.literal('human'),
    ...everyType,
    form: optional(jsonObject),
    roles: optional(z.array(text)),
  }),
  z.strictObject({
    runtime: z.literal('model'),
    ...everyType,
    provider: z.enum(['bedrock', 'openai_compatible']),
    model: text,
    tools: optional(z.array(json)),
  }),
]);

export const agentCatalogueFile = z.strictObject({ agent_types: z.record(name, agentType) });

export type AgentDocument = z.infer<typeof agent>;
export type AgentTypeDocument = z.infer<typeof agentType>;
