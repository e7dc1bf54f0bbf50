import { z } from 'zod';
import { InvalidRequestError } from '../../core/errors/index.ts';
import type { Json } from '../../core/json/index.ts';
import type { TaskRequest } from '../interpreter/index.ts';

/** What a task answers instead of the service that it names. */
export interface Stub {
  /** The task's result, as `$states.result` has it. */
  readonly output?: Json;
  /** A name for Retry and Catch to go by; the task then fails. */
  readonly error?: string;
  readonly cause?: string;
  /** Seconds until the answer; none by default. */
  readonly delay?: number;
  /** What the service itself answers, where the task then waits for a token or for the end of what it started. */
  readonly submitted?: Json;
}

/** By state name, by Resource, or `*` for all other tasks. A list is for one call after the other; its last one stays. */
export interface Stubs {
  take(request: TaskRequest): Stub | undefined;
}

const stub = z
  .strictObject({
    output: z.json().optional(),
    error: z.string().optional(),
    cause: z.string().optional(),
    delay: z.number().min(0).optional(),
    submitted: z.json().optional(),
  })
  .refine(
    ({ output, error }) => (output === undefined) !== (error === undefined),
    'it has either an output or an error',
  );
const stubs = z.record(z.string(), z.union([stub, z.array(stub).min(1)]));

/** Throws InvalidRequestError (`bad_stubs`); `place` is where the stubs were read. */
export function createStubs(document: Json, place: string): Stubs {
  const { data, error } = stubs.safeParse(document);
  if (!data) throw badStubs(error, place);
  const calls = new Map<string, number>();
  return {
    take({ state, resource }) {
      const name = [state, resource, '*'].find((key) => Object.hasOwn(data, key));
      const found = name === undefined ? undefined : data[name];
      if (name === undefined || found === undefined) return undefined;
      const call = calls.get(name) ?? 0;
      calls.set(name, call + 1);
      // zod writes an absent member as one that may be undefined.
      return (Array.isArray(found) ? found[Math.min(call, found.length - 1)] : found) as Stub | undefined;
    },
  };
}

function badStubs({ issues }: z.ZodError, place: string): InvalidRequestError {
  const issue = issues[0];
  const inner = issue?.code === 'invalid_union' ? issue.errors.flat().find(({ path }) => path.length > 0) : undefined;
  const path = [...(issue?.path ?? []), ...(inner?.path ?? [])].map(String).join(' → ');
  return new InvalidRequestError({
    code: 'bad_stubs',
    message: `the stubs are none${path === '' ? '' : ` at ${path}`}: ${(inner ?? issue)?.message ?? 'not an object'}`,
    hint: 'write { "<state or Resource>": { "output": … } }, or { "error": "Name", "cause": "…" }, or a list of these',
    details: { place },
  });
}
