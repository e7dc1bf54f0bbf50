import * as z from 'zod';
import { agent, circuitBreaker, resourcePool } from './agent-schema.ts';
import { count, delay, duration, json, jsonObject, listOf, name, optional, text, url } from './scalars.ts';
import { retryPolicy, retryPolicyChoice, task } from './task-schema.ts';

const owner = z.strictObject({
  agent: optional(text).describe('The team or program that owns it.'),
  contact: optional(text).describe('Where somebody can be asked when it fails.'),
});

const concurrency = z.strictObject({
  max_parallel: optional(count).describe('Attempts of one execution at once.'),
  max_executions: optional(count).describe('Executions of this workflow at once.'),
  on_limit: optional(z.enum(['queue', 'reject'])).meta({
    description: 'What becomes of one execution more: it waits in order, or is refused.',
    default: 'queue',
  }),
  key: optional(text).describe('An expression: at most one execution at a time for each of its values.'),
});

const budget = z.strictObject({
  usd: optional(z.number().positive()).describe('Dollars.'),
  tokens: optional(count).describe('Tokens of language models.'),
  calls: optional(count).describe('Calls of agents.'),
  wall_time: optional(duration).describe('Time from start to end.'),
  depth: optional(count).describe('Child workflows within one another.'),
  on_exceeded: optional(z.enum(['fail', 'ask'])).meta({
    description: 'What becomes of a task that would exceed it.',
    default: 'fail',
  }),
});

const schedule = z.strictObject({
  cron: optional(text).describe('Five fields, as in cron.'),
  every: optional(duration).describe('A fixed distance from start to start.'),
  start: optional(text).describe('The first time, RFC 3339.'),
  timezone: optional(text).describe('An IANA name such as `Europe/Berlin`.'),
  catchup: optional(z.boolean()).meta({ description: 'Makes up for starts that were missed.', default: false }),
  input: optional(json).describe('The input of each execution.'),
});

const trigger = z.strictObject({
  event: text.describe('The type of event that starts an execution.'),
  match: optional(jsonObject).describe('Members that the data of the event must have, each with its allowed values.'),
  input: optional(json).describe('The input: an expression tree that may read `event`.'),
});

const notification = z.strictObject({
  on: listOf(text).describe('Endings that somebody is told of.'),
  to: listOf(text).describe('Who is told.'),
});

const webhook = z.strictObject({
  url: url.describe('Where events are sent, by POST.'),
  secret: optional(text).describe('Reference to the key that signs them.'),
  on: optional(z.array(text)).describe('Types of events; absent: all.'),
});

const coordination = z.strictObject({
  type: optional(z.enum(['event', 'graph', 'hybrid'])).describe('What moves the workflow.'),
  event_driven: optional(z.array(text)).describe('Families of events that its agents exchange.'),
  graph_based: optional(z.array(text)).describe('What follows the graph.'),
});

const saga = z.strictObject({
  compensation_enabled: optional(z.boolean()).meta({
    description: 'Undo what was done when the execution fails, is cancelled or times out.',
    default: true,
  }),
  rollback_on_failure: optional(z.boolean()).meta({
    description: 'Undo by itself, without waiting for an operator.',
    default: true,
  }),
  serial: optional(z.boolean()).meta({ description: 'Undo one after another, in reverse order.', default: false }),
  on_compensation_failure: optional(z.enum(['hold', 'continue'])).meta({
    description: 'Whether what lies before a compensation that failed is left alone, or undone all the same.',
    default: 'hold',
  }),
});

const faultTolerance = z.strictObject({
  on_failure: optional(z.enum(['fail_fast', 'drain', 'continue', 'pause'])).meta({
    description:
      'After a failure: stop all; let running tasks finish; run whatever does not depend on it; or wait for an operator.',
    default: 'fail_fast',
  }),
  circuit_breaker: optional(circuitBreaker).describe('For every agent of this workflow that has none of its own.'),
  grace: optional(delay).meta({
    description: 'What running agents get when the execution stops.',
    default: 30,
  }),
  saga_pattern: optional(saga).describe('Undoing what was done.'),
});

const defaults = z.strictObject({
  timeout: optional(duration).describe('From dispatch to answer.'),
  retry_policy: optional(retryPolicyChoice).describe('What follows a failed attempt.'),
});

export const workflow = z
  .strictObject({
    name: name.describe('What it is called across its versions.'),
    version: text.describe('Any text, in quotes; what is published under a version never changes.'),
    description: optional(z.string()).describe('For people.'),
    orchestration_pattern: optional(text).meta({
      description: '`graph`: the tasks as written. Other patterns add tasks, loops and joins of their own.',
      default: 'graph',
    }),
    pattern: optional(jsonObject).describe('Parameters of the orchestration pattern.'),
    owner: optional(owner).describe('Who answers for it.'),
    tags: z.array(text).default([]).describe('Words to find it by.'),
    input: optional(jsonObject).describe('JSON Schema of the input; an execution with another input is refused.'),
    output: optional(json).describe(
      'What the execution answers: an expression tree. Absent: the outputs of the tasks that nothing depends on, by id.',
    ),
    timeout: optional(duration).meta({ description: 'Of the whole execution.', default: '1d' }),
    concurrency: optional(concurrency).describe('How much at once.'),
    budget: optional(budget).describe('What an execution may use up.'),
    on_skip: optional(z.enum(['satisfies', 'propagates'])).meta({
      description: 'Whether a skipped task satisfies those that depend on it, or has them skipped too.',
      default: 'satisfies',
    }),
    max_retries: optional(z.int().min(0)).meta({
      description: 'Retries of tasks that say nothing: n retries are n + 1 attempts.',
      default: 2,
    }),
    retry_delay: optional(delay).meta({ description: 'Wait before the first retry.', default: 2 }),
    max_retry_delay: optional(delay).meta({ description: 'The longest wait.', default: 60 }),
    exponential_backoff: optional(z.boolean()).meta({
      description: 'Whether the wait doubles from retry to retry.',
      default: true,
    }),
    schedule: optional(z.array(schedule)).describe('When it starts by itself.'),
    triggers: optional(z.array(trigger)).describe('Events that start it.'),
    notify: optional(notification).describe('Who is told how it ended.'),
    webhooks: optional(z.array(webhook)).describe('Servers that hear of its events.'),

    agents: z.record(name, agent).default({}).describe('Who does the tasks, by name.'),
    resource_pools: optional(z.record(name, resourcePool)).describe('Places that agents share, also across workflows.'),
    defaults: optional(defaults).describe('For tasks that say nothing.'),
    retry_policies: z.record(name, retryPolicy).default({}).describe('Policies that tasks name.'),
    tasks: z.array(task).min(1, { error: 'needs at least one task' }).describe('What is done.'),
    coordination: optional(coordination).describe('How its agents are coordinated.'),
    fault_tolerance: optional(faultTolerance).describe('What happens after a failure.'),
  })
  .meta({ id: 'workflow', description: 'One version of a workflow.' });

/** The document as text holds it: one key, `workflow`. */
export const definitionFile = z.strictObject({
  workflow: workflow.describe('The workflow that this document defines.'),
});

/**
 * What a definition says, once its shape is checked: durations in seconds, a bare dependency as `{ task, on: 'success' }`,
 * absent lists and tables empty. Every other default is left to the planner.
 */
export type WorkflowDocument = z.infer<typeof workflow>;
