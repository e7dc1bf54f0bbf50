import type * as z from 'zod';
import type { DefinitionText } from '../compiler/index.ts';
import type { ExecutionId } from '../core/ids/index.ts';
import type { Sheddable } from '../core/resilience/index.ts';
import type { AgentAnswers } from '../core/ports/index.ts';
import type { Principal, Scope } from './principal.ts';
import type { TenantServices } from './tenant-services.ts';

/** Who may ask: who has the scope; who has the handle in the path; anybody. */
export type Access = Scope | 'handle' | 'public';

/** What a success looks like. Without a schema it has no body. */
export interface AnswerSpec {
  readonly meaning: string;
  readonly schema?: z.ZodType;
  /** Other forms of the same, by media type. */
  readonly others?: { readonly [mediaType: string]: string };
  /** Headers that it has, and what they say. */
  readonly headers?: { readonly [name: string]: string };
}

/** What a route says of itself: the OpenAPI document is written from it, and requests are checked with it. */
export interface RouteSpec {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** From the root, `{name}` for a parameter. */
  readonly path: string;
  /** Unique: what clients call it. */
  readonly operation: string;
  readonly summary: string;
  readonly access: Access;
  readonly query?: z.ZodType;
  /** JSON that fits the schema; or a workflow definition, YAML or JSON. */
  readonly body?: z.ZodType | 'definition';
  /** The largest body, in bytes. */
  readonly maxBytes?: number;
  /** It creates something: with an `Idempotency-Key` it does so once. */
  readonly isIdempotent?: true;
  /** Refused (503, `overloaded`) while the engine is far behind; absent: never. */
  readonly sheds?: Sheddable;
  readonly answers: { readonly [status: number]: AnswerSpec };
  /** When it refuses, besides what every route refuses. */
  readonly problems: { readonly [status: number]: string };
}

/** A request whose parts fit the route. */
export interface ApiRequest<Query, Body> {
  /** The path's parameters; the name is one of the route's. */
  readonly param: (name: string) => string;
  readonly query: Query;
  readonly body: Body;
  readonly header: (name: string) => string | undefined;
  /** The absolute URL of a path of this API. */
  readonly urlOf: (path: string) => string;
}

export interface Caller {
  readonly services: TenantServices;
  readonly principal: Principal;
  /** What the request creates gets this id, the same in each repetition of an idempotent request. */
  readonly id: ExecutionId;
}

/** Who has a handle answers its attempt, and may do nothing else. */
export interface Answering {
  readonly answers: AgentAnswers;
}

export interface ApiAnswer {
  readonly status: number;
  /** JSON, unless `text` says otherwise. */
  readonly body?: unknown;
  readonly text?: { readonly type: string; readonly content: string };
  readonly headers?: Record<string, string>;
}

/** What anybody may know: whether the server works. */
export interface ServerState {
  readonly version: string;
  /** Throws when what it depends on does not answer, by name. */
  readonly checks: { readonly [name: string]: () => Promise<unknown> };
}

type Handler<Context, Query, Body> = (request: ApiRequest<Query, Body>, context: Context) => Promise<ApiAnswer>;

/** One operation of the API. */
export type Route = RouteSpec &
  (
    | { readonly access: 'public'; readonly handle: Handler<ServerState, unknown, unknown> }
    | { readonly access: 'handle'; readonly handle: Handler<Answering, unknown, unknown> }
    | { readonly access: Scope; readonly handle: Handler<Caller, unknown, unknown> }
  );

type BodyOf<Body> = Body extends z.ZodType ? z.infer<Body> : Body extends 'definition' ? DefinitionText : undefined;
type QueryOf<Query> = Query extends z.ZodType ? z.infer<Query> : undefined;
type ContextOf<A extends Access> = A extends 'public' ? ServerState : A extends 'handle' ? Answering : Caller;

/** A route whose handler gets what its schemas give. */
export function route<
  const A extends Access,
  Query extends z.ZodType | undefined = undefined,
  Body extends z.ZodType | 'definition' | undefined = undefined,
>(
  spec: Omit<RouteSpec, 'access' | 'query' | 'body'> & {
    readonly access: A;
    readonly query?: Query;
    readonly body?: Body;
    readonly handle: Handler<ContextOf<A>, QueryOf<Query>, BodyOf<Body>>;
  },
): Route {
  // The server hands over only what has passed the very schemas that the handler's types come from.
  return spec as unknown as Route;
}
