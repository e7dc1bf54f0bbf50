import * as z from 'zod';
import { workflowJsonSchema } from '../core/definition/index.ts';
import { InvariantError } from '../core/errors/index.ts';
import { canonicalJson, isJsonObject, type Json, type JsonObject } from '../core/json/index.ts';
import type { AnswerSpec, Route } from './route.ts';
import { problem } from './schemas/values.ts';

/** The API as an OpenAPI 3.1 document: the routes' own schemas, so it says neither more nor less than the server holds. */
export function openApiDocument(routes: readonly Route[], version: string): JsonObject {
  const components = new Map<string, JsonObject>();
  const schema = componentsInto(components);
  const paths = Object.fromEntries(
    Map.groupBy(routes, ({ path }) => path)
      .entries()
      .map(([path, all]) => [
        path,
        Object.fromEntries(all.map((route) => [route.method.toLowerCase(), operationOf(route, schema)])),
      ]),
  );
  return {
    openapi: '3.1.1',
    info: {
      title: 'Skein',
      version,
      description: 'Publishes workflows, executes them, and tells how far they are. Errors are RFC 9457 problems.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    paths,
    components: {
      schemas: Object.fromEntries([...components].sort(([a], [b]) => (a < b ? -1 : 1))),
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          description:
            'A JWT of the configured issuer, or an API key (`sk.…`). The scope that an operation asks for stands with it.',
        },
      },
    },
  };
}

type ToSchema = (schema: z.ZodType | JsonObject, io: 'input' | 'output') => JsonObject;

function operationOf(route: Route, schema: ToSchema): JsonObject {
  const { operation, summary, access, body } = route;
  const parameters = [...pathParameters(route), ...queryParameters(route, schema), ...headerParameters(route)];
  return {
    operationId: operation,
    summary,
    tags: [tagOf(route)],
    ...(parameters.length > 0 && { parameters }),
    ...(body && { requestBody: requestBodyOf(body, schema) }),
    responses: { ...answersOf(route, schema), ...problemsOf(route, schema) },
    security: access === 'public' || access === 'handle' ? [] : [{ bearer: [access] }],
  };
}

/** The first word behind the version: `workflows`, `executions`, … */
function tagOf({ path }: Route): string {
  return /^\/api\/v1\/([\w-]+)/.exec(path)?.[1] ?? 'server';
}

function pathParameters({ path }: Route): JsonObject[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
}

function queryParameters({ query }: Route, schema: ToSchema): JsonObject[] {
  if (!query) return [];
  const { properties, required } = schema(query, 'input');
  if (!isJsonObject(properties)) return [];
  const needed = Array.isArray(required) ? required : [];
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: 'query',
    required: needed.includes(name),
    schema: property,
  }));
}

function headerParameters({ isIdempotent }: Route): JsonObject[] {
  if (!isIdempotent) return [];
  const description = 'Repeating the request with its key is answered as the first time, for a day.';
  return [{ name: 'Idempotency-Key', in: 'header', required: false, description, schema: { type: 'string' } }];
}

function requestBodyOf(body: NonNullable<Route['body']>, schema: ToSchema): JsonObject {
  if (body !== 'definition')
    return { required: true, content: { 'application/json': { schema: schema(body, 'input') } } };
  const definition = schema(workflowJsonSchema(), 'input');
  return {
    required: true,
    description: 'A definition. As JSON, also without the `workflow` key around it.',
    content: {
      'application/yaml': { schema: { type: 'string' } },
      'application/json': { schema: { anyOf: [definition, { type: 'object' }] } },
    },
  };
}

function answersOf({ answers }: Route, schema: ToSchema): JsonObject {
  return mapped(answers, (spec) => answerOf(spec, schema));
}

function answerOf({ meaning, schema: body, others = {}, headers }: AnswerSpec, schema: ToSchema): JsonObject {
  const forms = Object.fromEntries(
    Object.entries(others).map(([type, description]) => [
      type,
      { schema: { type: type.endsWith('json') ? 'object' : 'string', description } },
    ]),
  );
  return {
    description: meaning,
    ...(headers && { headers: mapped(headers, (description) => ({ description, schema: { type: 'string' } })) }),
    ...(body && { content: { 'application/json': { schema: schema(body, 'output') }, ...forms } }),
  };
}

function mapped<Value>(members: { readonly [key: string]: Value }, map: (value: Value) => JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(members).map(([key, value]) => [key, map(value)]));
}

const OVERLOADED = ' Or work that is due waits for too long (`overloaded`): try again after Retry-After.';

/** What this route refuses, and what every route of its kind does. */
export function refusalsOf(route: Route): Readonly<Record<number, string>> {
  const { path, access, body, query, sheds, isIdempotent, problems, answers } = route;
  const isOpen = access === 'public' || access === 'handle';
  const all: Record<number, string> = {
    ...((body ?? query) && { 400: 'A part of the request does not fit.' }),
    ...(!isOpen && { 401: 'The token or key is missing, or cannot be taken.', 403: 'The scope is missing.' }),
    ...(path.includes('{') && { 404: 'The path names nothing that there could be.' }),
    ...(body && { 413: 'The body is too large.' }),
    ...(access !== 'public' && {
      503: `Something that the engine depends on does not answer: try again.${sheds ? OVERLOADED : ''}`,
    }),
    ...problems,
    ...(isIdempotent && both(problems)),
  };
  return Object.fromEntries(Object.entries(all).filter(([status]) => !(status in answers)));
}

/** What an idempotency key may add to what the route says of these statuses. */
function both(problems: Route['problems']): Record<number, string> {
  const said = (status: number, more: string): string => [problems[status], more].filter(Boolean).join(' ');
  return {
    409: said(409, 'The first request with this idempotency key is being answered (`still_working`).'),
    422: said(422, 'Another request was sent with this idempotency key (`key_reused`).'),
  };
}

function problemsOf(route: Route, schema: ToSchema): JsonObject {
  const content = { 'application/problem+json': { schema: schema(problem, 'output') } };
  return mapped(refusalsOf(route), (description) => ({ description, content }));
}

/** Schemas that have a name stand once, among the components; everything else stands where it is used. */
function componentsInto(components: Map<string, JsonObject>): ToSchema {
  const put = (name: string, schema: JsonObject): void => {
    const component = relinked(withoutId(schema)) as JsonObject;
    const before = components.get(name) ?? component;
    if (canonicalJson(before) !== canonicalJson(component))
      throw new InvariantError({ code: 'schema_name_taken', message: `Two schemas are called ${name}.` });
    components.set(name, component);
  };
  return (source, io) => {
    const whole = source instanceof z.ZodType ? jsonSchemaOf(source, io) : source;
    const { $schema: _dialect, $defs = {}, title: _title, ...schema } = whole;
    for (const [name, definition] of Object.entries(isJsonObject($defs) ? $defs : {}))
      if (isJsonObject(definition)) put(name, definition);
    const { id } = schema;
    if (typeof id !== 'string') return relinked(schema) as JsonObject;
    put(id, schema);
    return { $ref: `#/components/schemas/${id}` };
  };
}

function jsonSchemaOf(schema: z.ZodType, io: 'input' | 'output'): JsonObject {
  // zod's own type for it allows for values that JSON has no form for; its output has none of them.
  return z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as unknown as JsonObject;
}

function withoutId({ id: _id, ...schema }: JsonObject): JsonObject {
  return schema;
}

function relinked(value: Json): Json {
  if (Array.isArray(value)) return value.map(relinked);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key,
      key === '$ref' && typeof member === 'string'
        ? member.replace('#/$defs/', '#/components/schemas/')
        : relinked(member),
    ]),
  );
}
