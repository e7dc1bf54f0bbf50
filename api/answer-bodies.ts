import { z } from 'zod';
import type { TaskError } from '../core/agents/index.ts';

/** Messages are stored and shown: a longer one is cut, because refusing it would lose the failure itself. */
const LONGEST_MESSAGE = 4000;

/** POST …/complete. Only that there is an output: its schema is the engine's to check, its depth too. */
export const completeBody = z.strictObject({
  output: z.unknown().refine((output) => output !== undefined, 'is missing'),
});

/** POST …/fail. `retry_after` in seconds. */
export const failBody = z
  .strictObject({
    error: z.strictObject({
      name: z.string().min(1).max(200),
      message: z.string(),
      retryable: z.boolean().optional(),
      retry_after: z.number().nonnegative().optional(),
    }),
  })
  .transform(({ error: { name, message, retryable, retry_after: retryAfter } }): TaskError => ({
    name,
    message: message.length > LONGEST_MESSAGE ? `${message.slice(0, LONGEST_MESSAGE)}…` : message,
    ...(retryable !== undefined && { retryable }),
    ...(retryAfter !== undefined && { retryAfter }),
  }));

/** A name that is stored and shown. */
const label = z.string().min(1).max(200);

/** POST /control/events. As for answers, only that there is data: its depth is checked apart. */
export const eventBody = z.strictObject({
  id: label,
  type: label,
  source: label,
  data: z.unknown().refine((data) => data !== undefined, 'is missing'),
});

/** POST /control/executions/…/cancel. */
export const cancelBody = z.strictObject({ by: label });
