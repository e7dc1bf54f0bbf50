import { z } from 'zod';
import { count, delay, duration, json, jsonObject, listOf, name, optional, text } from './scalars.ts';

/** A dependency as an edge: a bare id means `on: success`. */
export const dependency = z.union([
  z.string().transform((task) => ({ task, on: 'success' as const })),
  z.strictObject({ task: z.string(), on: z.enum(['success', 'failure', 'skipped', 'done']).default('success') }),
]);

export const join = z.union([
  z.enum(['all_success', 'all_done', 'any_success', 'none_failed']),
  z.strictObject({ quorum: count }),
]);

export const retryPolicy = z.strictObject({
  max_attempts: optional(count),
  interval: optional(delay),
  backoff_rate: optional(z.number().min(1)),
  max_delay: optional(delay),
  jitter: optional(z.enum(['full', 'none'])),
  retry_on: optional(z.array(text)),
});

/** A policy, or the name of one. */
export const retryPolicyChoice = z.union([z.string(), retryPolicy]);

const forEach = z.strictObject({
  items: z.union([z.string(), z.array(json)]),
  max_items: optional(count),
  max_concurrency: optional(count),
  batch: optional(count),
  tolerate_failures: optional(
    z.union([
      z.int().min(0),
      z.string().regex(/^(100|\d{1,2})%$/, { error: 'must be a number of items, or a share like `5%`' }),
    ]),
  ),
});

const wait = z.strictObject({
  event: optional(text),
  match: optional(jsonObject),
  timeout: optional(duration),
  seconds: optional(duration),
  until: optional(text),
});

const checkpoint = z.strictObject({
  approve: optional(
    z.strictObject({
      by: optional(z.array(text)),
      timeout: optional(duration),
      on_timeout: optional(z.enum(['approve', 'reject'])),
      form: optional(jsonObject),
    }),
  ),
});

const compensation = z.strictObject({
  agent: name,
  input: optional(json),
  timeout: optional(duration),
  retry_policy: optional(retryPolicyChoice),
});

export const task = z.strictObject({
  id: name,
  description: optional(z.string()),

  // What it does: exactly one of these.
  agent: optional(z.string()),
  requires: optional(listOf(text)),
  wait: optional(wait),
  workflow: optional(z.strictObject({ name, version: optional(text), input: optional(json) })),
  emit: optional(z.strictObject({ event: text, data: optional(json) })),
  get loop() {
    return optional(loop);
  },
  get group() {
    return optional(group);
  },

  // When it runs.
  depends_on: z.array(dependency).default([]),
  join: optional(join),
  when: optional(z.string()),
  parallel: optional(z.boolean()),
  for_each: optional(forEach),

  // What goes in and comes out.
  input: optional(json),
  output: optional(jsonObject),
  cache: optional(z.strictObject({ ttl: z.union([z.null(), duration]), key: optional(text) })),
  secrets: optional(z.array(text)),

  // How long, how often, how important.
  timeout: optional(duration),
  queue_timeout: optional(duration),
  heartbeat: optional(duration),
  retry_policy: optional(retryPolicyChoice),
  priority: optional(z.int().min(0).max(9)),

  // What becomes of a failure.
  allow_skip: optional(z.boolean()),
  continue_on_failure: optional(z.boolean()),
  idempotent: optional(z.boolean()),
  effect: optional(z.enum(['none', 'write'])),
  compensate: optional(compensation),
  compensate_on_failure: optional(z.boolean()),
  pivot: optional(z.boolean()),
  checkpoint_after: optional(checkpoint),
  notify_human: optional(z.boolean()),
});

const loop = z.strictObject({
  max_iterations: count,
  until: optional(z.string()),
  on_exhausted: optional(z.enum(['continue', 'fail'])),
  get tasks() {
    return listOf(task);
  },
});

const group = z.strictObject({
  max_parallel: optional(count),
  get tasks() {
    return listOf(task);
  },
});

export type TaskDocument = z.infer<typeof task>;
export type DependencyDocument = z.infer<typeof dependency>;
export type JoinDocument = z.infer<typeof join>;
export type RetryPolicyDocument = z.infer<typeof retryPolicy>;
