import * as z from 'zod/mini';
import type { LambdaAgentCall } from '../../core/agents/index.ts';
import type { Json } from '../../core/json/index.ts';
import { AgentError } from '../agent/index.ts';

const callSchema = z.object({
  v: z.literal(1),
  handle: z.string(),
  task: z.object({
    id: z.string(),
    path: z.string(),
    input: z.unknown(),
    index: z.int(),
    count: z.int(),
  }),
  takesUsage: z.optional(z.literal(true)),
  context: z.object({
    execution: z.string(),
    agent: z.string(),
    attempt: z.int(),
    idempotencyKey: z.string(),
    deadline: z.number(),
    slot: z.exactOptional(z.object({ pool: z.string(), instance: z.int(), slot: z.int(), token: z.int() })),
  }),
});

/** Throws AgentError (`InvalidInput`) for an event that the engine did not send. */
export function readLambdaCall(event: unknown): LambdaAgentCall {
  const parsed = callSchema.safeParse(event);
  if (!parsed.success) {
    const said = parsed.error.issues.map(({ path, message }) => `/${path.join('/')}: ${message}`).join('; ');
    throw new AgentError('InvalidInput', `The event is no call of an agent: ${said}`, { retryable: false });
  }
  const { task, takesUsage, ...call } = parsed.data;
  // Lambda has parsed the event from JSON text.
  return { ...call, task: { ...task, input: task.input as Json }, ...(takesUsage && { takesUsage }) };
}
