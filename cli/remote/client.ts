import type { z } from 'zod';
import { UnavailableError } from '../../core/errors/index.ts';
import { isJsonObject, parseJson, type Json, type JsonObject } from '../../core/json/index.ts';
import type { ActiveProfile } from '../active-profile.ts';
import { tokenOf } from '../profile-token.ts';
import type { Surroundings } from '../surroundings.ts';
import { errorOfRefusal } from './problem-error.ts';

export interface ApiRequest {
  readonly method?: 'GET' | 'POST';
  /** From the deployment's URL, with a slash at its beginning. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  /** Sent as JSON. */
  readonly json?: Json;
  /** Sent as it is. */
  readonly text?: { readonly type: string; readonly content: string };
  readonly accept?: string;
  /** False: it must not be sent again after a failure that leaves open whether it was taken. Default true. */
  readonly isRepeatable?: boolean;
  /** Recognised when it comes again; default for a POST: a new one. */
  readonly key?: string;
}

/** The REST API of one deployment. All throw EngineError as `errorOfRefusal` makes it, and UnavailableError (`deployment_unreachable`). */
export interface ApiClient {
  readonly profile: string;
  readonly url: string;
  send(request: ApiRequest): Promise<ApiAnswer>;
  text(request: ApiRequest): Promise<string>;
  /** A text as an answer of this shape. Throws UnavailableError (`answer_not_understood`). */
  read<Answer>(text: string, schema: z.ZodType<Answer>): Answer;
  json<Answer>(request: ApiRequest, schema: z.ZodType<Answer>): Promise<Answer>;
  /** All entries of a list, page by page, `most` of them at the most. */
  entries<Entry>(request: ApiRequest, list: ListOf<Entry>, most?: number): Promise<readonly Entry[]>;
}

export interface ApiAnswer {
  /** 2xx. */
  readonly status: number;
  readonly text: string;
}

export interface ListOf<Entry> {
  /** The member of the answer that holds the page. */
  readonly member: string;
  readonly schema: z.ZodType<Entry>;
}

type World = Pick<Surroundings, 'fetch' | 'environment' | 'directory' | 'runProgram' | 'onTick' | 'newKey'>;

/** Until an answer has come, in milliseconds: API Gateway gives up after 29 s. */
const ANSWERED_WITHIN_MS = 30_000;
const TRIES = 4;
const FIRST_PAUSE_S = 0.5;
/** A person waits: who asks for a longer pause is told to the person instead. */
const LONGEST_PAUSE_S = 10;

export function openClient(active: ActiveProfile, world: World): ApiClient {
  const url = active.profile.url.replace(/\/+$/, '');
  // Asked once: a command may ask its user for a password.
  let token: Promise<string | undefined> | undefined;

  async function send(request: ApiRequest): Promise<ApiAnswer> {
    const key = request.key ?? (request.method === 'POST' ? world.newKey() : undefined);
    const shown = await (token ??= tokenOf(active.name, active.profile, world));
    for (let tries = 1, pause = FIRST_PAUSE_S; ; tries += 1, pause *= 2) {
      const attempt = await tryOnce(request, { profile: active.name, url, token: shown, key, world });
      if ('answer' in attempt) return attempt.answer;
      const wait = Math.max(pause, attempt.pause ?? 0);
      const isLast = tries === TRIES || wait > LONGEST_PAUSE_S || request.isRepeatable === false;
      if (isLast || !attempt.mayPass) throw attempt.error;
      await sleep(world, wait);
    }
  }

  const text = async (request: ApiRequest): Promise<string> => (await send(request)).text;
  const read = <Answer>(answer: string, schema: z.ZodType<Answer>): Answer => fitting(parsed(answer), schema, url);
  return {
    profile: active.name,
    url,
    send,
    text,
    read,
    json: async (request, schema) => read(await text(request), schema),
    async entries(request, { member, schema }, most = Infinity) {
      const found = [];
      let cursor: string | undefined;
      do {
        const page = parsed(await text({ ...request, query: { ...request.query, cursor } }));
        found.push(...fitting(page[member], schema.array(), `${url}${request.path}`));
        const next = page['next_cursor'];
        cursor = typeof next === 'string' ? next : undefined;
      } while (cursor !== undefined && found.length < most);
      return found.slice(0, most);
    },
  };
}

type Attempt =
  | { readonly answer: ApiAnswer }
  | { readonly error: Error; readonly mayPass: boolean; readonly pause: number | undefined };

interface Sending {
  readonly profile: string;
  readonly url: string;
  readonly token: string | undefined;
  readonly key: string | undefined;
  readonly world: Pick<World, 'fetch'>;
}

async function tryOnce(request: ApiRequest, { profile, url, token, key, world }: Sending): Promise<Attempt> {
  const { method = 'GET', path, query = {}, accept = 'application/json' } = request;
  const target = new URL(url + path);
  for (const [member, value] of Object.entries(query)) {
    if (value !== undefined) target.searchParams.set(member, String(value));
  }
  const sent = bodyOf(request);
  try {
    const response = await world.fetch(target.href, {
      method,
      headers: {
        accept,
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(sent && { 'content-type': sent.type }),
        ...(key !== undefined && { 'idempotency-key': key }),
      },
      ...(sent && { body: sent.content }),
      // A redirect would carry the token to where the profile does not say.
      redirect: 'manual',
      signal: AbortSignal.timeout(ANSWERED_WITHIN_MS),
    });
    const body = await response.text();
    const { status, headers } = response;
    if (response.ok) return { answer: { status, text: body } };
    const retryAfter = secondsOf(headers.get('retry-after'));
    const error = errorOfRefusal({ status, body, retryAfter, place: `${method} ${target.href}`, profile });
    return { error, mayPass: [429, 502, 503, 504].includes(status), pause: retryAfter };
  } catch (error) {
    return { error: unreachable(profile, url, error), mayPass: true, pause: undefined };
  }
}

function bodyOf({ json, text }: ApiRequest): ApiRequest['text'] {
  return text ?? (json === undefined ? undefined : { type: 'application/json', content: JSON.stringify(json) });
}

/** By the ticks of the surroundings: a test's time passes as it says. */
export function sleep({ onTick }: Pick<Surroundings, 'onTick'>, seconds: number): Promise<void> {
  return new Promise((resolve) => {
    const still = onTick(1 / seconds, () => {
      still();
      resolve();
    });
  });
}

/** Its other form, a date, needs the server's clock and is not obeyed. */
function secondsOf(header: string | null): number | undefined {
  return header !== null && /^\d{1,9}$/.test(header) ? Number(header) : undefined;
}

function fitting<Answer>(value: Json | undefined, schema: z.ZodType<Answer>, place: string): Answer {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw strange(place, result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '));
}

/** What is no JSON object fits no schema of an answer. */
function parsed(text: string): JsonObject {
  try {
    const value = parseJson(text);
    return isJsonObject(value) ? value : {};
  } catch {
    return {};
  }
}

function strange(place: string, said: string): UnavailableError {
  return new UnavailableError({
    code: 'answer_not_understood',
    message: `the answer is none of a Skein deployment that this version knows: ${said}`,
    hint: "check the profile's URL, and that both are of about the same version",
    details: { place },
  });
}

function unreachable(profile: string, url: string, error: unknown): UnavailableError {
  // fetch hides the reason (ECONNREFUSED, …) in the cause.
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const said = cause instanceof Error ? cause.message || cause.name : String(cause);
  return new UnavailableError({
    code: 'deployment_unreachable',
    message: `${url} cannot be reached: ${said}`,
    hint: `check network and URL; \`skein doctor --profile ${profile}\` looks closer`,
    details: { place: `profile ${profile}` },
    cause: error,
  });
}
