import * as z from 'zod/mini';
import { parseJson, type Json } from '../../core/json/index.ts';

/** The body of the POST that an HTTP agent is called with. */
const callSchema = z.object({
  handle: z.string(),
  execution: z.string(),
  task: z.string(),
  path: z.string(),
  attempt: z.int(),
  agent: z.string(),
  input: z.unknown(),
  index: z.int(),
  count: z.int(),
  idempotency_key: z.string(),
  /** ISO 8601. */
  deadline: z.iso.datetime(),
  slot: z.exactOptional(z.object({ pool: z.string(), instance: z.int(), slot: z.int(), token: z.int() })),
  callback: z.object({ complete: z.url(), fail: z.url(), heartbeat: z.url() }),
});

export interface HttpCall extends z.infer<typeof callSchema> {
  readonly input: Json;
}

/** The call, or a sentence that says why it is none. */
export function readHttpCall(text: string): HttpCall | string {
  let body: Json;
  try {
    body = parseJson(text);
  } catch {
    return 'The body is not JSON.';
  }
  const parsed = callSchema.safeParse(body);
  // It was parsed from JSON text.
  if (parsed.success) return { ...parsed.data, input: parsed.data.input as Json };
  const said = parsed.error.issues.map(({ path, message }) => `/${path.join('/')}: ${message}`).join('; ');
  return `The body is no call of an agent: ${said}`;
}
