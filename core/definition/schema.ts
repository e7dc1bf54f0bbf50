import { z } from 'zod';
import { agent, circuitBreaker, resourcePool } from './agent-schema.ts';
import { count, delay, duration, json, jsonObject, listOf, name, optional, text, url } from './scalars.ts';
import { retryPolicy, retryPolicyChoice, task } from './task-schema.ts';

const owner = z.strictObject({ agent: optional(text), contact: optional(text) });

const concurrency = z.strictObject({
  max_parallel: optional(count),
  max_executions: optional(count),
  on_limit: optional(z.enum(['queue', 'reject'])),
  key: optional(text),
});

const budget = z.strictObject({
  usd: optional(z.number().positive()),
  tokens: optional(count),
  calls: optional(count),
  wall_time: optional(duration),
  depth: optional(count),
  on_exceeded: optional(z.enum(['fail', 'ask'])),
});

const schedule = z.strictObject({
  cron: optional(text),
  every: optional(duration),
  start: optional(text),
  timezone: optional(text),
  catchup: optional(z.boolean()),
  input: optional(json),
});

const trigger = z.strictObject({ event: text, match: optional(jsonObject), input: optional(json) });
const notification = z.strictObject({ on: listOf(text), to: listOf(text) });
const webhook = z.strictObject({ url, secret: optional(text), on: optional(z.array(text)) });

const coordination = z.strictObject({
  type: optional(z.enum(['event', 'graph', 'hybrid'])),
  event_driven: optional(z.array(text)),
  graph_based: optional(z.array(text)),
});

const saga = z.strictObject({
  compensation_enabled: optional(z.boolean()),
  rollback_on_failure: optional(z.boolean()),
  serial: optional(z.boolean()),
  on_compensation_failure: optional(z.enum(['hold', 'continue'])),
});

const faultTolerance = z.strictObject({
  on_failure: optional(z.enum(['fail_fast', 'drain', 'continue', 'pause'])),
  circuit_breaker: optional(circuitBreaker),
  grace: optional(delay),
  saga_pattern: optional(saga),
});

export const workflow = z.strictObject({
  name,
  version: text,
  description: optional(z.string()),
  orchestration_pattern: optional(text),
  pattern: optional(jsonObject),
  owner: optional(owner),
  tags: z.array(text).default([]),
  input: optional(jsonObject),
  output: optional(json),
  timeout: optional(duration),
  concurrency: optional(concurrency),
  budget: optional(budget),
  on_skip: optional(z.enum(['satisfies', 'propagates'])),
  max_retries: optional(z.int().min(0)),
  retry_delay: optional(delay),
  max_retry_delay: optional(delay),
  exponential_backoff: optional(z.boolean()),
  schedule: optional(z.array(schedule)),
  triggers: optional(z.array(trigger)),
  notify: optional(notification),
  webhooks: optional(z.array(webhook)),

  agents: z.record(name, agent).default({}),
  resource_pools: optional(z.record(name, resourcePool)),
  defaults: optional(z.strictObject({ timeout: optional(duration), retry_policy: optional(retryPolicyChoice) })),
  retry_policies: z.record(name, retryPolicy).default({}),
  tasks: z.array(task).min(1, { error: 'needs at least one task' }),
  coordination: optional(coordination),
  fault_tolerance: optional(faultTolerance),
});

/** The document as text holds it: one key, `workflow`. */
export const definitionFile = z.strictObject({ workflow });

/**
 * What a definition says, once its shape is checked: durations in seconds, a bare dependency as `{ task, on: 'success' }`,
 * absent lists and tables empty. Every other default is left to the planner.
 */
export type WorkflowDocument = z.infer<typeof workflow>;
