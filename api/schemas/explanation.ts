import * as z from 'zod';
import type { Explanation } from '../../core/projections/index.ts';

export const explanation = z
  .object({
    sentence: z.string(),
    chain: z.array(z.object({ task: z.string().optional(), kind: z.string(), sentence: z.string() })),
    next: z
      .object({
        what: z.string(),
        who: z.enum(['agent', 'engine', 'person', 'publisher']),
        command: z.string().optional(),
      })
      .optional()
      .meta({ description: 'What must happen next; absent when nothing is left to happen.' }),
  })
  .meta({ id: 'explanation' });

export function explanationOf({ sentence, chain, next }: Explanation): z.infer<typeof explanation> {
  return {
    sentence,
    chain: chain.map(({ path, ...link }) => ({ ...(path !== '' && { task: path }), ...link })),
    ...(next && { next }),
  };
}
