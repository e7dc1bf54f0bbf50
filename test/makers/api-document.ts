import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { openApiDocument, routes } from '../../api/index.ts';
import { isJsonObject, type Json, type JsonObject } from '../../core/json/index.ts';

/** An answer, as a client sees it. */
export interface SeenAnswer {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly status: number;
  readonly mediaType: string | undefined;
  readonly body: unknown;
}

/** Holds answers against the OpenAPI document. */
export interface ApiDocument {
  readonly document: JsonObject;
  /** What the document does not say of this answer. */
  problemsOf(answer: SeenAnswer): readonly string[];
  /** `GET /api/v1/workflows 200`: what the answers so far were. */
  readonly seen: ReadonlySet<string>;
  /** What the document says there is, likewise. */
  readonly documented: readonly string[];
}

export function openApiDocuments(): ApiDocument {
  const document = openApiDocument(routes, '0.0.0');
  const ajv = new Ajv2020({
    strict: false,
    allErrors: true,
    formats: { 'date-time': isTime, uri: (text) => URL.canParse(text) },
  });
  ajv.addSchema(document, 'api');
  const compiled = new Map<string, ValidateFunction>();
  const schemaAt = (pointer: string): ValidateFunction => {
    const known = compiled.get(pointer) ?? ajv.compile({ $ref: `api#${pointer}` });
    compiled.set(pointer, known);
    return known;
  };
  const seen = new Set<string>();
  return {
    document,
    seen,
    documented: routes.flatMap(({ method, path }) =>
      Object.keys(memberAt(document, ['paths', path, method.toLowerCase(), 'responses']) as JsonObject).map(
        (status) => `${method} ${path} ${status}`,
      ),
    ),
    problemsOf({ method, path, status, mediaType, body }) {
      const template = routes.find((route) => route.method === method && isPathOf(route.path, path))?.path;
      // What is no route answers by its status alone.
      if (template === undefined) return [404, 405].includes(status) ? [] : [`${status} for what is no route`];
      seen.add(`${method} ${template} ${status}`);
      const way = ['paths', template, method.toLowerCase(), 'responses', String(status)];
      const response = memberAt(document, way);
      if (!isJsonObject(response))
        return [`${method} ${template} does not document ${status}: ${JSON.stringify(body)}`];
      if (!response['content']) return body === undefined ? [] : ['a body, where none is documented'];
      if (memberAt(response, ['content', mediaType ?? '', 'schema']) === undefined)
        return [`the media type ${mediaType} is not documented`];
      const check = schemaAt(pointerTo([...way, 'content', mediaType ?? '', 'schema']));
      check(body);
      return (check.errors ?? []).map(
        ({ instancePath, message, params }) =>
          `${method} ${template} ${status}: ${instancePath} ${message} ${JSON.stringify(params)}`,
      );
    },
  };
}

function isPathOf(template: string, path: string): boolean {
  const [wanted, given] = [template.split('/'), path.split('/')];
  return (
    wanted.length === given.length &&
    wanted.every((part, i) => (part.startsWith('{') ? given[i] !== '' : part === given[i]))
  );
}

function memberAt(value: Json | undefined, way: readonly string[]): Json | undefined {
  return way.reduce((at, key) => (isJsonObject(at) ? at[key] : undefined), value);
}

function pointerTo(way: readonly string[]): string {
  return way.map((key) => `/${encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1'))}`).join('');
}

function isTime(text: string): boolean {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(text);
}
