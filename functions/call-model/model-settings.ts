import * as z from 'zod/mini';
import { InvariantError } from '../../core/errors/index.ts';
import type { ModelSettings } from './converse.ts';

const variables = z.object({
  SKEIN_MODEL: z.string().check(z.minLength(1)),
  SKEIN_MODEL_SYSTEM: z.optional(z.string()),
  SKEIN_MODEL_MAX_TOKENS: z._default(z.coerce.number().check(z.int(), z.positive()), 1024),
});

/** What ModelAgent of lib/ tells the function. Throws InvariantError (`environment_incomplete`), and the function never starts. */
export function readModelSettings(source: Readonly<Record<string, string | undefined>>): Omit<ModelSettings, 'client'> {
  const parsed = variables.safeParse(source);
  if (!parsed.success) {
    const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ');
    throw new InvariantError({ code: 'environment_incomplete', message: `call-model cannot start: ${faults}.` });
  }
  const { SKEIN_MODEL: model, SKEIN_MODEL_SYSTEM: system, SKEIN_MODEL_MAX_TOKENS: maxTokens } = parsed.data;
  return { model, maxTokens, ...(system !== undefined && { system }) };
}
