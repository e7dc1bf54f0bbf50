import type * as z from 'zod';
import { InvariantError } from '../core/errors/index.ts';
import { parseJson } from '../core/json/index.ts';

/** The body of a message of our own. Throws InvariantError (`bad_message`), and the message becomes a dead letter. */
export function readMessage<Message>(schema: z.ZodType<Message>, body: string): Message {
  const parsed = schema.safeParse(jsonOf(body));
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => `/${path.join('/')}: ${message}`);
  throw badMessage(faults.join('; '));
}

/** What a schema finds in a message; undefined where it finds nothing, whatever the message. */
export function findIn<Found>(schema: z.ZodType<Found>, body: string): Found | undefined {
  try {
    return schema.safeParse(parseJson(body)).data;
  } catch {
    return undefined;
  }
}

function jsonOf(body: string): unknown {
  try {
    return parseJson(body);
  } catch (error) {
    throw badMessage(error instanceof Error ? error.message : String(error));
  }
}

function badMessage(why: string): InvariantError {
  return new InvariantError({ code: 'bad_message', message: `A message cannot be read: ${why}.` });
}
