import * as z from 'zod';
import { count, duration, json, jsonObject, listOf, name, optional, text, url } from './scalars.ts';

const failureRate = z.strictObject({
  threshold: z
    .string()
    .regex(/^([1-9]\d?|100)%$/, { error: 'must be a share of calls from `1%` to `100%`' })
    .describe('The share of failures that opens it, as `50%`.'),
  window: optional(duration).meta({ description: 'Of the calls in this time.', default: 60 }),
  minimum_calls: optional(count).meta({
    description: 'With fewer calls than these in it, none of them opens it.',
    default: 10,
  }),
});

export const circuitBreaker = z
  .strictObject({
    failure_threshold: optional(count).meta({
      description: 'Failures in a row that open it; with `failure_rate` and without this, they do not.',
      default: 5,
    }),
    failure_rate: optional(failureRate).describe('A share of failures that opens it.'),
    success_threshold: optional(count).meta({ description: 'Successes while half-open that close it.', default: 2 }),
    timeout_seconds: optional(duration).describe('How long it stays open before calls are tried again.'),
    half_open_max_calls: optional(count).describe('Calls at once while half-open.'),
    when_open: optional(z.enum(['fail', 'wait'])).meta({
      description: 'What becomes of a task meanwhile: it fails, or it waits.',
      default: 'fail',
    }),
  })
  .meta({ id: 'circuit_breaker', description: 'Stops calling an agent that keeps failing.' });

const resources = z.strictObject({
  cpu: optional(
    z.union([
      z.number().positive(),
      z.string().regex(/^\d+(\.\d+)? ?cores?$/, { error: 'must be a number, or a text like `2 cores`' }),
    ]),
  ).describe('A number of cores, or a text like `2 cores`.'),
  memory: optional(
    z.string().regex(/^\d+(\.\d+)? ?(KB|MB|GB|KiB|MiB|GiB)$/, { error: 'must be a text like `512MB` or `4GB`' }),
  ).describe('A text like `512MB` or `4GB`.'),
});

const rateLimit = z.strictObject({
  calls: count.describe('So many calls at most …'),
  per: duration.describe('… in this time.'),
});

export const agent = z
  .strictObject({
    type: text.describe('The agent type: a name of the agent catalogue.'),
    count: optional(count).meta({
      description: 'Its instances: how often a task with `parallel: true` runs it, 40 at most there.',
      default: 1,
    }),
    capabilities: z
      .array(text)
      .default([])
      .describe('What it can do, besides what its type can; a task finds it by `requires`.'),
    max_concurrent_tasks: optional(count).describe('Tasks of one instance at once; absent: as many as want to.'),
    resources: optional(resources).describe('What one instance needs.'),
    pool: optional(name).describe(
      'The pool of `resource_pools` that it shares with others; absent: a pool of its own.',
    ),
    circuit_breaker: optional(circuitBreaker).describe('In place of `fault_tolerance.circuit_breaker`.'),
    rate_limit: optional(rateLimit).describe('How often it may be called.'),
  })
  .meta({ id: 'agent', description: 'A named doer of this workflow.' });

export const resourcePool = z.strictObject({
  capacity: count.describe('Places: attempts that hold one at once.'),
  strategy: optional(z.enum(['round_robin', 'least_loaded', 'least_response_time', 'random'])).describe(
    'Which instance gets the next task.',
  ),
  max_queue: optional(z.int().min(0)).describe('Tasks that may wait; one more fails with `PoolQueueFull`.'),
});

const cost = z
  .strictObject({
    usd: optional(z.number().min(0).max(1_000_000_000)).describe('Dollars; they are counted in millionths.'),
    tokens: optional(z.int().min(0).max(1_000_000_000)).describe('Tokens of language models, in and out.'),
  })
  .meta({ id: 'cost', description: 'What one call of an agent uses at most.' });

const everyType = {
  capabilities: z.array(text).default([]).describe('What agents of this type can do.'),
  input: optional(jsonObject).describe(
    'JSON Schema of the input; one that breaks it fails the task with `InvalidInput`.',
  ),
  output: optional(jsonObject).describe(
    'JSON Schema of the answer; one that breaks it fails the task with `InvalidOutput`.',
  ),
  cost: optional(cost).describe('What one call uses at most; a budget reserves it until the call ends.'),
};

/** An entry of the agent catalogue: how a type of agent runs. Each runtime has keys of its own. */
export const agentType = z
  .discriminatedUnion('runtime', [
    z.strictObject({
      runtime: z.literal('local').describe('A function in a module, run in a worker process.'),
      ...everyType,
      module: text.describe('Path of the module, relative to the catalogue; its default export is the agent.'),
    }),
    z.strictObject({
      runtime: z.literal('http').describe('A server that takes the call and answers later, by a handle.'),
      ...everyType,
      url: url.describe('Where calls are sent, by POST.'),
      auth: optional(text).describe('The `Authorization` header of each call.'),
    }),
    z.strictObject({
      runtime: z.literal('lambda').describe('An AWS Lambda function.'),
      ...everyType,
      function: text.describe('Name or ARN of the function.'),
      role_arn: optional(text).describe('The role under which it is called; without it, that of the tenant.'),
    }),
    z.strictObject({
      runtime: z.literal('ecs').describe('A container on ECS.'),
      ...everyType,
      task_definition: text.describe('The ECS task definition.'),
      launch: optional(z.enum(['run_task', 'service'])).describe(
        'A container for each attempt, or a service that takes them.',
      ),
    }),
    z.strictObject({
      runtime: z.literal('human').describe('A person, who decides by a form: the `output` schema.'),
      ...everyType,
      roles: optional(listOf(text)).describe('Who may decide: those who have one of these roles.'),
      assignees: optional(listOf(text)).describe('Who may decide, by name.'),
    }),
    z.strictObject({
      runtime: z.literal('model').describe('A language model.'),
      ...everyType,
      provider: z.enum(['bedrock', 'openai_compatible']).describe('Whose interface it has.'),
      model: text.describe('Its name at the provider.'),
      tools: optional(z.array(json)).describe('Tools that it may call.'),
    }),
  ])
  .meta({ id: 'agent_type', description: 'How a type of agent runs.' });

export const agentCatalogueFile = z.strictObject({
  agent_types: z.record(name, agentType).describe('Agent types by their names.'),
});

export type AgentDocument = z.infer<typeof agent>;
export type AgentTypeDocument = z.infer<typeof agentType>;
