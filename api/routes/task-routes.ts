import * as z from 'zod';
import type { TaskError } from '../../core/agents/index.ts';
import { MAX_ANSWER_BYTES } from '../../core/agents/index.ts';
import { handle as handleOf } from '../../core/ids/index.ts';
import { route, type Route } from '../route.ts';
import { givenJson, takable } from '../schemas/given-json.ts';

/** Messages are stored and shown: a longer one is cut, because refusing it would lose the failure itself. */
const LONGEST_MESSAGE = 4000;
/** A body is an answer in an envelope. */
const ANSWER_BYTES = MAX_ANSWER_BYTES + 1024;

const problems = {
  404: 'The handle belongs to no attempt (`handle_unknown`).',
  409: 'The attempt is settled already: answered, timed out, or stopped (`attempt_not_live`).',
};

/** More than any call costs, and so little that sums of it stay exact. */
const MOST_USED = 1_000_000_000;

const usage = z.exactOptional(
  z
    .strictObject({
      usd: z.exactOptional(
        z.number().nonnegative().max(MOST_USED).meta({ description: 'US dollars, counted in millionths.' }),
      ),
      tokens: z.exactOptional(
        z.int().nonnegative().max(MOST_USED).meta({ description: 'Of language models, in and out.' }),
      ),
    })
    .meta({ description: 'What the attempt has used, for budgets.' }),
);

const complete = route({
  method: 'POST',
  path: '/api/v1/tasks/{handle}/complete',
  operation: 'completeTask',
  summary: "An agent's answer. The handle that came with the call is the permission.",
  access: 'handle',
  body: z.strictObject({ output: givenJson, usage }),
  maxBytes: ANSWER_BYTES,
  answers: { 202: { meaning: 'It is recorded.' } },
  problems,
  handle: async ({ param, body }, { answers }) => {
    await answers.complete(handleOf(param('handle')), takable(body.output, 'answer_refused', 'The output'), body.usage);
    return { status: 202 };
  },
});

const fail = route({
  method: 'POST',
  path: '/api/v1/tasks/{handle}/fail',
  operation: 'failTask',
  summary: "An agent's failure, by the name that retry policies match.",
  access: 'handle',
  body: z.strictObject({
    error: z.strictObject({
      name: z.string().min(1).max(200),
      message: z.string().meta({ description: `Cut after ${LONGEST_MESSAGE} characters.` }),
      retryable: z.boolean().optional().meta({ description: "The agent's own word on retries." }),
      retry_after: z
        .number()
        .nonnegative()
        .optional()
        .meta({ description: 'Seconds for which it wants no other call.' }),
    }),
    usage,
  }),
  maxBytes: ANSWER_BYTES,
  answers: { 202: { meaning: 'It is recorded.' } },
  problems,
  handle: async ({ param, body: { error, usage: used } }, { answers }) => {
    const { name, message, retryable, retry_after: retryAfter } = error;
    const told: TaskError = {
      name,
      message: message.length > LONGEST_MESSAGE ? `${message.slice(0, LONGEST_MESSAGE)}…` : message,
      ...(retryable !== undefined && { retryable }),
      ...(retryAfter !== undefined && { retryAfter }),
    };
    await answers.fail(handleOf(param('handle')), told, used);
    return { status: 202 };
  },
});

const heartbeat = route({
  method: 'POST',
  path: '/api/v1/tasks/{handle}/heartbeat',
  operation: 'heartbeatTask',
  summary: 'Says that the agent still works.',
  access: 'handle',
  answers: { 204: { meaning: 'It was heard.' } },
  problems,
  handle: async ({ param }, { answers }) => {
    await answers.heartbeat(handleOf(param('handle')));
    return { status: 204 };
  },
});

export const taskRoutes: readonly Route[] = [complete, fail, heartbeat];
