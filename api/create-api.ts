import { Hono, type Context } from 'hono';
import { handle as handleOf, type Handle } from '../core/ids/index.ts';
import type { AgentAnswers } from '../core/ports/index.ts';
import { refusedFor, type Sheddable } from '../core/resilience/index.ts';
import { findQueueAge } from '../engine/index.ts';
import { answerErrors } from './answer-errors.ts';
import { answerOnce } from './answer-once.ts';
import type { Authenticate } from './authenticate.ts';
import { mayDo, type Principal, type Scope } from './principal.ts';
import { problemResponse, RequestProblem } from './problem.ts';
import { readBodyOf, readQuery, readText } from './read-request.ts';
import type { ApiAnswer, ApiRequest, Route, ServerState } from './route.ts';
import type { TenantServices } from './tenant-services.ts';

export interface ApiDeps {
  readonly authenticate: Authenticate;
  /** Undefined: there is no such tenant here. */
  readonly forTenant: (tenant: string) => Promise<TenantServices | undefined>;
  /** Where the answer to a handle goes, by the tenant that it was signed for; undefined for a handle that is none of ours. */
  readonly answersTo: (handle: Handle) => Promise<AgentAnswers | undefined>;
  readonly state: ServerState;
  /** Where callers reach the API, without a slash at the end; absent: where the request was sent to. */
  readonly publicUrl?: string;
  /** Hears of errors that are the engine's own. */
  readonly onError?: (error: unknown) => void;
}

/** The routes as a server, the same for a Lambda and for a laptop. Errors are problem+json. */
export function createApi(routes: readonly Route[], deps: ApiDeps): Hono {
  const app = new Hono();
  answerErrors(app, deps.onError);
  for (const route of routes) {
    app.on(route.method, patternOf(route), async (context) => responseOf(await serve(route, context, deps)));
  }
  for (const [pattern, methods] of methodsOf(routes)) {
    app.all(pattern, ({ req }) =>
      problemResponse(
        { status: 405, code: 'method_not_allowed', detail: `${req.path} does not take ${req.method}.` },
        { allow: methods.join(', ') },
      ),
    );
  }
  return app;
}

async function serve(route: Route, context: Context, deps: ApiDeps): Promise<ApiAnswer> {
  requireShortParams(context);
  if (route.access === 'public') return route.handle((await requestOf(route, context, deps)).request, deps.state);
  if (route.access === 'handle') {
    const answers = await deps.answersTo(handleOf(context.req.param('handle') ?? ''));
    if (!answers) throw unknownHandle();
    return route.handle((await requestOf(route, context, deps)).request, { answers });
  }
  const principal = await deps.authenticate(context.req.header('authorization'));
  requireScope(principal, route.access);
  const services = await deps.forTenant(principal.tenant);
  if (!services) throw noSuchTenant();
  if (route.sheds) await requireQuiet(services, route.sheds);
  const { request, text } = await requestOf(route, context, deps);
  const key = route.isIdempotent ? context.req.header('idempotency-key') : undefined;
  if (key === undefined) return route.handle(request, { services, principal, id: services.ids.executionId() });
  return answerOnce({
    route,
    caller: { services, principal },
    key,
    asked: JSON.stringify([context.req.path, new URL(context.req.url).search, text]),
    answer: (id) => route.handle(request, { services, principal, id }),
  });
}

interface ReadRequest {
  readonly request: ApiRequest<unknown, unknown>;
  /** Of the body. */
  readonly text: string;
}

async function requestOf(route: Route, context: Context, { publicUrl }: ApiDeps): Promise<ReadRequest> {
  const { req } = context;
  const query = readQuery(route.query, req.url);
  const text = route.body ? await readText(context, route.maxBytes) : '';
  const request = {
    param: (name: string) => req.param(name) ?? '',
    query,
    body: readBodyOf(route, text, req.header('content-type')),
    header: (name: string) => req.header(name),
    urlOf: (path: string) => (publicUrl ?? new URL(req.url).origin) + path,
  };
  return { request, text };
}

function requireScope(principal: Principal, scope: Scope): void {
  if (mayDo(principal, scope)) return;
  throw new RequestProblem(
    { status: 403, code: 'scope_missing', detail: `This asks for the scope ${scope}.`, details: { scope } },
    { 'www-authenticate': `Bearer error="insufficient_scope", scope="${scope}"` },
  );
}

/** Before the body is read: whoever is refused should cost next to nothing. */
async function requireQuiet({ ledger, clock, ids }: TenantServices, what: Sheddable): Promise<void> {
  const age = await findQueueAge(ledger, clock.now());
  const seconds = refusedFor(what, age, ids.random());
  if (seconds === undefined) return;
  const detail = `Work that is due has waited for ${Math.round(age / 1_000)} s: this is refused until less is waiting.`;
  const hint = 'Try again after Retry-After. What runs goes on; answers, heartbeats and cancels are always taken.';
  throw new RequestProblem({ status: 503, code: 'overloaded', detail, hint }, { 'retry-after': String(seconds) });
}

/** Ids are short. A longer one would be too long for a key of the store, and names nothing there in any case. */
const LONGEST_ID = 200;
const LONGEST_HANDLE = 2_000;

function requireShortParams({ req }: Context): void {
  const isShort = ([name, value]: [string, string]): boolean =>
    value.length <= (name === 'handle' ? LONGEST_HANDLE : LONGEST_ID);
  if (!Object.entries(req.param()).every(isShort)) throw new RequestProblem(noSuchRoute(req.path.slice(0, LONGEST_ID)));
}

function noSuchRoute(path: string) {
  return { status: 404, code: 'no_such_route', detail: `There is no ${path}.` };
}

function unknownHandle(): RequestProblem {
  return new RequestProblem({ status: 404, code: 'handle_unknown', detail: 'This handle belongs to no attempt.' });
}

function noSuchTenant(): RequestProblem {
  return new RequestProblem({ status: 403, code: 'tenant_unknown', detail: 'This tenant has nothing here.' });
}

function patternOf({ path }: Pick<Route, 'path'>): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1');
}

function methodsOf(routes: readonly Route[]): ReadonlyMap<string, readonly string[]> {
  const grouped = Map.groupBy(routes, patternOf);
  return new Map(Array.from(grouped, ([pattern, all]) => [pattern, all.map(({ method }) => method)]));
}

function responseOf({ status, body, text, headers = {} }: ApiAnswer): Response {
  const content =
    text ?? (body === undefined ? undefined : { type: 'application/json', content: JSON.stringify(body) });
  if (!content) return new Response(null, { status, headers });
  return new Response(content.content, { status, headers: { 'content-type': content.type, ...headers } });
}
