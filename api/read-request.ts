import type { Context } from 'hono';
import type * as z from 'zod';
import type { DefinitionText } from '../compiler/index.ts';
import { parseJson } from '../core/json/index.ts';
import { RequestProblem, type Problem } from './problem.ts';
import type { RouteSpec } from './route.ts';

/** Of bodies that are neither answers nor definitions nor inputs. */
export const SMALL_BODY_BYTES = 65_536;

/** Throws RequestProblem (400 `query_invalid`). */
export function readQuery(schema: z.ZodType | undefined, url: string): unknown {
  if (!schema) return undefined;
  const parsed = schema.safeParse(Object.fromEntries(new URL(url).searchParams));
  if (parsed.success) return parsed.data;
  throw misfit('query_invalid', 'The query does not fit.', parsed.error);
}

/** The body's text; throws RequestProblem (413 `body_too_large`). */
export async function readText({ req }: Context, maxBytes = SMALL_BODY_BYTES): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  // A web stream of bytes: fetch's own type for its chunks says no more than `any`.
  const body = req.raw.body as ReadableStream<Uint8Array> | null;
  for await (const chunk of body ?? []) {
    size += chunk.length;
    if (size > maxBytes) throw tooLarge(maxBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** What the route asks for. Throws as readBody, and RequestProblem (415 `media_type_unsupported`) for a definition in another form. */
export function readBodyOf({ body }: Pick<RouteSpec, 'body'>, text: string, mediaType: string | undefined): unknown {
  if (!body) return undefined;
  return body === 'definition' ? definitionOf(text, mediaType) : readBody(body, text);
}

/** Throws RequestProblem (400): `body_not_json`, `body_invalid`. */
export function readBody<Body>(schema: z.ZodType<Body>, text: string): Body {
  let value: unknown;
  try {
    // Where no member is asked for, no body is needed.
    value = text === '' ? {} : parseJson(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new RequestProblem({ status: 400, code: 'body_not_json', detail: 'The body is not JSON.' });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw misfit('body_invalid', 'The body does not fit.', parsed.error);
}

const yaml = ['application/yaml', 'application/x-yaml', 'text/yaml', 'text/x-yaml', 'text/plain'];

/** YAML, JSON with the `workflow` key, or JSON of what stands under it. */
function definitionOf(text: string, contentType: string | undefined): DefinitionText {
  const mediaType = contentType?.split(';')[0]?.trim().toLowerCase() ?? 'application/yaml';
  if (yaml.includes(mediaType)) return { name: 'workflow.yaml', text };
  if (mediaType !== 'application/json' && !mediaType.endsWith('+json'))
    throw new RequestProblem({
      status: 415,
      code: 'media_type_unsupported',
      detail: `A definition is YAML or JSON, not ${mediaType}.`,
      hint: 'Send application/yaml or application/json.',
    });
  return { name: 'workflow.json', text: isBare(text) ? `{"workflow":${text}}` : text };
}

function isBare(text: string): boolean {
  try {
    const value = parseJson(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) && !Object.hasOwn(value, 'workflow');
  } catch {
    // What is wrong with it, its parser says with the place.
    return false;
  }
}

function tooLarge(maxBytes: number): RequestProblem {
  return new RequestProblem({
    status: 413,
    code: 'body_too_large',
    detail: `The body is larger than ${maxBytes} bytes.`,
    hint: 'Store what is large elsewhere, and send a reference to it.',
  });
}

function misfit(code: string, detail: string, { issues }: z.ZodError): RequestProblem {
  const errors: Problem['errors'] = issues.map(({ path, message }) => ({
    pointer: path.map((key) => `/${String(key)}`).join(''),
    detail: message,
  }));
  return new RequestProblem({ status: 400, code, detail, errors });
}
