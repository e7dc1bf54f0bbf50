import * as z from 'zod';
import { parseJson } from '../core/json/index.ts';
import { RequestProblem } from './problem.ts';

/** Places of lists, as opaque text. They name nothing that their reader could not name himself, so they are checked and not signed. */
export interface Cursors<Place> {
  write(place: Place): string;
  /** Throws RequestProblem (`cursor_invalid`). */
  read(cursor: string | undefined): Place | undefined;
}

export function cursors<Place>(schema: z.ZodType<Place>): Cursors<Place> {
  return {
    write: (place) => Buffer.from(JSON.stringify(place)).toString('base64url'),
    read(cursor) {
      if (cursor === undefined) return undefined;
      const parsed = schema.safeParse(decoded(cursor));
      if (parsed.success) return parsed.data;
      throw new RequestProblem({
        status: 400,
        code: 'cursor_invalid',
        detail: 'The cursor is none of this list.',
        hint: 'Take `next_cursor` of the page before as it is.',
      });
    },
  };
}

function decoded(cursor: string): unknown {
  try {
    return parseJson(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}

/** The longest page, and the one that nobody asked for. */
export interface PageSize {
  readonly usual: number;
  readonly most: number;
}

/** Members of a query that pages through a list. */
export function pageQuery({ usual, most }: PageSize) {
  return {
    limit: z.coerce
      .number()
      .int()
      .min(1)
      .max(most)
      .default(usual)
      .meta({ description: `At most so many; ${usual} unless said otherwise, ${most} at the most.` }),
    cursor: z.string().max(1000).optional().meta({ description: '`next_cursor` of the page before.' }),
  };
}

export const nextCursor = z
  .string()
  .optional()
  .meta({ description: 'Of the next page; absent: this is the last one.' });

/** A page of a list of which one entry more than fits was asked for: whether that is there tells whether another page follows. */
export function pageOf<Entry>(
  found: readonly Entry[],
  limit: number,
  cursorOf: (last: Entry) => string,
): { readonly entries: readonly Entry[]; readonly next_cursor?: string } {
  const entries = found.slice(0, limit);
  const last = entries.at(-1);
  return { entries, ...(found.length > limit && last !== undefined && { next_cursor: cursorOf(last) }) };
}
