import * as z from 'zod';
import type { Json, JsonObject } from '../json/index.ts';
import { LONGEST_DURATION, parseDuration, toMilliseconds } from './duration.ts';

/** Keys that may be absent but never null or undefined: what is not said is not there. */
export const optional = z.exactOptional;

/** Any JSON. The parser has already refused everything else, so nothing is left to check. */
export const json = z.unknown() as unknown as z.ZodType<Json, Json>;
export const jsonObject = z.record(z.string(), json) as z.ZodType<JsonObject, JsonObject>;

/** Names and ids become task paths, ASL state names and URLs: hence letters, digits, `-` and `_` only, and 63 at most. */
export const NAME_FORM = /^[a-zA-Z][a-zA-Z0-9_-]{0,62}$/;
export const name = z
  .string()
  .regex(NAME_FORM, {
    error: 'must start with a letter and hold only letters, digits, `-` and `_`, 63 characters at most',
  })
  .meta({ id: 'name', description: 'A letter, then letters, digits, `-` and `_`; 63 characters at most.' });

export const text = z.string().min(1, { error: 'must not be empty' });
export const count = z.int().min(1);
// The URL parser drops line ends and spaces; whoever writes the text into a request would not.
export const url = z
  .url({ protocol: /^https?$/, error: 'must be a URL of http or https', abort: true })
  .refine((value) => !/[\s\p{Cc}]/u.test(value), { error: 'must be a URL without white space' });

export function listOf<Item extends z.ZodType>(item: Item) {
  return z.array(item).min(1, { error: 'must not be empty' });
}

const DURATION_FORM = 'must be a number of seconds or a text like `1h30m` (units d, h, m, s, ms), a year at most';

function durationFrom(shortest: 'zero' | 'positive') {
  return z.union([z.number(), z.string()]).transform((value, context) => {
    const seconds = typeof value === 'number' ? toMilliseconds(value) : parseDuration(value);
    if (seconds === undefined || seconds < 0 || seconds > LONGEST_DURATION) {
      context.addIssue({ code: 'custom', message: DURATION_FORM });
      return z.NEVER;
    }
    if (seconds === 0 && shortest === 'positive') {
      context.addIssue({ code: 'custom', message: 'must be longer than 0' });
      return z.NEVER;
    }
    return seconds;
  });
}

/** Seconds, or text like `1h30m`; seconds once parsed. */
export const duration = durationFrom('positive').meta({
  id: 'duration',
  description: 'A number of seconds, or a text like `1h30m` (units d, h, m, s, ms).',
});
/** As `duration`, and 0 is allowed: delays and grace periods. */
export const delay = durationFrom('zero').meta({ id: 'delay', description: 'As a duration, and 0 is allowed.' });
