import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openApiDocument, routes, scopes } from '../../api/index.ts';
import { route } from '../../api/route.ts';
import { isJsonObject, type Json } from '../../core/json/index.ts';

const document = openApiDocument(routes, '1.2.3');

const schemaObject = z.looseObject({});
const content = z.record(z.string().regex(/^[\w.+-]+\/[\w.+-]+$/), z.strictObject({ schema: schemaObject }));
const parameter = z
  .strictObject({
    name: z.string().min(1),
    in: z.enum(['path', 'query', 'header']),
    required: z.boolean(),
    description: z.string().optional(),
    schema: schemaObject,
  })
  .refine((it) => it.in !== 'path' || it.required, 'a path parameter is required');
const response = z.strictObject({
  description: z.string().min(1),
  headers: z.record(z.string(), z.strictObject({ description: z.string(), schema: schemaObject })).optional(),
  content: content.optional(),
});
const operation = z.strictObject({
  operationId: z.string().regex(/^[a-z][A-Za-z]+$/),
  summary: z.string().regex(/\.$/),
  tags: z.array(z.string()).min(1),
  parameters: z.array(parameter).optional(),
  requestBody: z.strictObject({ required: z.boolean(), description: z.string().optional(), content }).optional(),
  responses: z.record(z.string().regex(/^[1-5]\d\d$/), response),
  security: z.array(z.strictObject({ bearer: z.array(z.enum(scopes)) })),
});

/** The parts of OpenAPI 3.1 that we use, as strictly as the specification has them. */
const openApi = z.strictObject({
  openapi: z.string().regex(/^3\.1\.\d+$/),
  info: z.strictObject({
    title: z.string(),
    version: z.string(),
    description: z.string(),
    license: z.strictObject({ name: z.string(), identifier: z.string() }),
  }),
  servers: z.array(z.strictObject({ url: z.string() })),
  paths: z.record(
    z.string().startsWith('/'),
    z.strictObject({ get: operation, post: operation, delete: operation }).partial(),
  ),
  components: z.strictObject({
    schemas: z.record(z.string().regex(/^[A-Za-z0-9._-]+$/), schemaObject),
    securitySchemes: z.record(
      z.string(),
      z.strictObject({ type: z.literal('http'), scheme: z.literal('bearer'), description: z.string() }),
    ),
  }),
});

const parsed = openApi.parse(document);
const operations = Object.entries(parsed.paths).flatMap(([path, item]) =>
  Object.values(item).map((it) => ({ path, ...it })),
);

function schemasIn(value: Json): Json[] {
  if (Array.isArray(value)) return value.flatMap(schemasIn);
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([key, member]) => (key === 'schema' ? [member] : schemasIn(member)));
}

describe('openApiDocument', () => {
  it('has every route once, under a name of its own', () => {
    const names = operations.map(({ operationId }) => operationId);

    expect(names).toHaveLength(routes.length);
    expect(new Set(names).size).toBe(names.length);
  });

  it('declares the parameters that paths have, and no others', () => {
    for (const { path, parameters = [] } of operations) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      expect(parameters.filter((it) => it.in === 'path').map(({ name }) => name)).toEqual(inPath);
    }
  });

  it('has schemas that are JSON Schema 2020-12, whose references lead somewhere', () => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    ajv.addSchema(document, 'api');
    const pointers = Object.keys(parsed.components.schemas).map((name) => `#/components/schemas/${name}`);

    for (const pointer of pointers) expect(() => ajv.compile({ $ref: `api${pointer}` })).not.toThrow();
    for (const schema of schemasIn(document)) expect(ajv.validateSchema(schema as object)).toBe(true);
    const references = JSON.stringify(document).match(/"\$ref":"[^"]+"/g) ?? [];
    expect(references.filter((it) => !pointers.includes(it.slice(8, -1)))).toEqual([]);
  });

  it('asks for a token wherever the server does', () => {
    const open = operations.filter(({ security }) => security?.length === 0).map(({ operationId }) => operationId);

    expect(open.sort()).toEqual(['completeTask', 'failTask', 'getHealth', 'getReadiness', 'heartbeatTask']);
  });

  it('refuses two schemas of one name', () => {
    const answering = (operation: string, schema: z.ZodType) =>
      route({
        method: 'GET',
        path: `/${operation}`,
        operation,
        summary: 'A test.',
        access: 'public',
        answers: { 200: { meaning: 'It is there.', schema } },
        problems: {},
        handle: async () => ({ status: 200 }),
      });
    const schemas = [z.object({ a: z.string() }), z.object({ b: z.string() })];
    const both = schemas.map((schema, at) => answering(`get${at}`, schema.meta({ id: 'same_name' })));

    expect(() => openApiDocument(both.slice(1), '1')).not.toThrow();
    expect(() => openApiDocument(both, '1')).toThrow(expect.objectContaining({ code: 'schema_name_taken' }));
  });
});
