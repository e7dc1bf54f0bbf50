import * as z from 'zod';
import { count, delay, duration, json, jsonObject, listOf, name, optional, text } from './scalars.ts';

/** A dependency as an edge: a bare id means `on: success`. */
export const dependency = z
  .union([
    z.string().transform((task) => ({ task, on: 'success' as const })),
    z.strictObject({
      task: z.string().describe('Its id.'),
      on: z
        .enum(['success', 'failure', 'skipped', 'done'])
        .default('success')
        .describe('What must have become of it; `done`: whatever it was.'),
    }),
  ])
  .meta({ id: 'dependency', description: 'The id of a task of the same region, or `{ task, on }`.' });

export const join = z
  .union([
    z.enum(['all_success', 'all_done', 'any_success', 'none_failed']),
    z.strictObject({ quorum: count.describe('So many dependencies have to come out as they should.') }),
  ])
  .meta({
    id: 'join',
    description:
      'When it runs: every dependency came out as it should (`all_success`), none went wrong (`none_failed`), all have settled (`all_done`), one came out as it should (`any_success`), or so many did (`quorum`).',
  });

export const retryPolicy = z
  .strictObject({
    max_attempts: optional(count).meta({ description: 'Attempts in all; 1 means no retry.', default: 3 }),
    interval: optional(delay).meta({ description: 'Wait before the second attempt.', default: 2 }),
    backoff_rate: optional(z.number().min(1)).meta({
      description: 'By how much the wait grows from attempt to attempt.',
      default: 2,
    }),
    max_delay: optional(delay).meta({ description: 'The longest wait; never less than `interval`.', default: 60 }),
    jitter: optional(z.enum(['full', 'none'])).meta({
      description: '`full`: a random part of the wait, so that many do not come back at once.',
      default: 'full',
    }),
    retry_on: optional(z.array(text)).describe('Names of the errors that are retried; absent: every retryable one.'),
  })
  .meta({ id: 'retry_policy', description: 'How often an attempt that failed is made again, and when.' });

/** A policy, or the name of one. */
export const retryPolicyChoice = z.union([z.string(), retryPolicy]).meta({
  id: 'retry_policy_choice',
  description: 'A policy, or the name of one: `exponential_backoff`, `fixed`, `none`, or one of `retry_policies`.',
});

const forEach = z.strictObject({
  items: z.union([z.string(), z.array(json)]).describe('An expression that gives a list, or the list.'),
  max_items: optional(count).describe('The most items there can be; a written list needs no such bound.'),
  max_concurrency: optional(count).meta({ description: 'Calls at once.', default: 10 }),
  batch: optional(count).describe('Items of one call, which then gets a list; absent: one call for each item.'),
  tolerate_failures: optional(
    z.union([
      z.int().min(0),
      z.string().regex(/^(100|\d{1,2})%$/, { error: 'must be a number of items, or a share like `5%`' }),
    ]),
  ).meta({ description: 'How many items, or what share of them, may fail.', default: 0 }),
});

const wait = z.strictObject({
  event: optional(text).describe('Waits for an event of this type.'),
  match: optional(jsonObject).describe('Members that the data of the event must have, each with its allowed values.'),
  timeout: optional(duration).describe('With `event`: the task fails with `WaitTimeout` when none came by then.'),
  seconds: optional(duration).describe('Waits this long.'),
  until: optional(text).describe('Waits until this time: RFC 3339, or seconds since 1970, often an expression.'),
});

/** A role without its name is nobody's. */
const addressee = text.refine((value) => value !== 'role:', { error: 'must be a name, or a role like `role:lead`' });

const checkpoint = z.strictObject({
  approve: optional(
    z.strictObject({
      by: optional(z.array(addressee)).describe(
        'Who may decide: `role:lead` is whoever has that role, anything else a name; absent: anybody who may decide at all.',
      ),
      timeout: optional(duration).describe('How long the decision may take; absent: as long as the whole workflow.'),
      on_timeout: optional(z.enum(['approve', 'reject'])).meta({
        description: 'What holds when nobody has decided by then.',
        default: 'reject',
      }),
      form: optional(jsonObject).describe('JSON Schema of the answer.'),
    }),
  ).describe('Asks people before the execution goes on.'),
});

const compensation = z.strictObject({
  agent: name.describe('Who undoes the task.'),
  input: optional(json).describe(
    'What it gets: an expression tree, which may also read the output of the task itself. Absent: `{ input, output, status }` of the task.',
  ),
  timeout: optional(duration).meta({ description: 'From dispatch to answer.', default: 600 }),
  retry_policy: optional(retryPolicyChoice).describe(
    'Its own; absent: 10 attempts, with waits that grow from 2 seconds to an hour.',
  ),
});

const childWorkflow = z.strictObject({
  name: name.describe('Name of the published workflow.'),
  version: optional(text).describe('Absent: the latest at the time of planning.'),
  input: optional(json).describe('The input of the child: an expression tree.'),
});

const emission = z.strictObject({
  event: text.describe('Type of the event.'),
  data: optional(json).describe('Its data: an expression tree.'),
});

const cache = z.strictObject({
  ttl: z.union([z.null(), duration]).describe('How long an answer is good; null: for ever.'),
  key: optional(text).describe('What equal calls have in common; absent: workflow, task, agent type and input.'),
});

export const task = z
  .strictObject({
    id: name.describe('Unique in the document; shown everywhere, also as the name of a state of the machine.'),
    description: optional(z.string()).describe('For people.'),

    // What it does: exactly one of these.
    agent: optional(z.string()).describe('Calls this agent of `agents`.'),
    requires: optional(listOf(text)).describe('Calls an agent that has these capabilities; the planner chooses it.'),
    wait: optional(wait).describe('Waits for a while, until a time, or for an event.'),
    workflow: optional(childWorkflow).describe('Runs another workflow as a child execution.'),
    emit: optional(emission).describe('Publishes an event.'),
    get loop() {
      return optional(loop).describe('Repeats tasks until a condition holds.');
    },
    get group() {
      return optional(group).describe('Holds tasks together: one thing to depend on, to skip, to limit.');
    },

    // When it runs.
    depends_on: z.array(dependency).default([]).describe('Tasks of the same region that come before it.'),
    join: optional(join).meta({ description: 'How its dependencies decide whether it runs.', default: 'all_success' }),
    when: optional(z.string()).describe('An expression of true or false; false: the task is skipped.'),
    parallel: optional(z.boolean()).meta({
      description: 'Runs once for each of the `count` instances of its agent; the output is a list.',
      default: false,
    }),
    for_each: optional(forEach).describe('Runs once for each item of a list; the output is a list.'),

    // What goes in and comes out.
    input: optional(json).describe('What the agent gets: an expression tree.'),
    output: optional(jsonObject).describe('JSON Schema of the answer; one that breaks it fails the task.'),
    cache: optional(cache).describe('Takes the answer of an equal call instead of calling again.'),
    secrets: optional(z.array(text)).describe('References that the runtime of the agent resolves; never recorded.'),

    // How long, how often, how important.
    timeout: optional(duration).meta({
      description:
        'From dispatch to answer, for each attempt; a child workflow keeps its own when that is shorter. A person has as long as the whole workflow where nothing is said.',
      default: 300,
    }),
    queue_timeout: optional(duration).meta({
      description: 'How long it may wait for a pool, a rate or a breaker.',
      default: 300,
    }),
    heartbeat: optional(duration).describe('An agent that is silent for longer has lost its attempt.'),
    retry_policy: optional(retryPolicyChoice).meta({
      description: 'What follows a failed attempt. A person is asked once where the task says nothing.',
      default: 'exponential_backoff',
    }),
    priority: optional(z.int().min(0).max(9)).describe('Higher comes first where tasks wait for a pool.'),

    // What becomes of a failure.
    allow_skip: optional(z.boolean()).meta({
      description: 'An operator may skip it; of a group or loop: what is in it.',
      default: false,
    }),
    continue_on_failure: optional(z.boolean()).meta({
      description: 'Its failure neither stops nor fails the execution.',
      default: false,
    }),
    idempotent: optional(z.boolean()).meta({
      description: 'Calling it again with the same key does no harm.',
      default: false,
    }),
    effect: optional(z.enum(['none', 'write'])).meta({
      description: 'Whether it changes anything outside, which a saga would have to undo.',
      default: 'write',
    }),
    compensate: optional(compensation).describe('How a saga undoes it.'),
    compensate_on_failure: optional(z.boolean()).meta({
      description: 'Undoes it also when it failed.',
      default: false,
    }),
    pivot: optional(z.boolean()).meta({ description: 'Once done, the saga only goes forward.', default: false }),
    checkpoint_after: optional(z.union([z.boolean(), checkpoint])).meta({
      description:
        'Records a checkpoint when it has succeeded, before anything that depends on it; perhaps with an approval.',
      default: false,
    }),
    notify_human: optional(z.boolean()).meta({
      description: 'Tells somebody when its attempts are used up.',
      default: false,
    }),
  })
  .meta({ id: 'task', description: 'A unit of work. It does exactly one thing.' });

const loop = z
  .strictObject({
    max_iterations: count.describe('The bound: it enters the proof that the machine fits.'),
    until: optional(z.string()).describe(
      'An expression of true or false, evaluated after each iteration; true ends the loop.',
    ),
    on_exhausted: optional(z.enum(['continue', 'fail'])).meta({
      description: 'What holds when `until` is still false after the last iteration.',
      default: 'continue',
    }),
    get tasks() {
      return listOf(task).describe('The body: a region of its own.');
    },
  })
  .meta({ id: 'loop', description: 'Tasks that are repeated. The output is that of the last iteration.' });

const group = z
  .strictObject({
    max_parallel: optional(count).describe('Attempts of its members at once.'),
    get tasks() {
      return listOf(task).describe('The members: a region of their own.');
    },
  })
  .meta({ id: 'group', description: 'Tasks held together. The output has the outputs of its members by id.' });

export type TaskDocument = z.infer<typeof task>;
export type DependencyDocument = z.infer<typeof dependency>;
export type JoinDocument = z.infer<typeof join>;
export type RetryPolicyDocument = z.infer<typeof retryPolicy>;
