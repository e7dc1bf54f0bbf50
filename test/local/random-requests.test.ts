import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { routes, scopes } from '../../api/index.ts';
import { waiting } from '../contract/api/workflows.ts';
import { apiClient, type ApiClient } from '../makers/api-client.ts';
import { openApiDocuments } from '../makers/api-document.ts';
import { hostileJson, meaningfulTexts } from '../makers/hostile-json.ts';
import { openTwoTenants, type TwoTenants } from './two-tenants.ts';

let server: TwoTenants;
let ask: ApiClient;
beforeAll(async () => {
  server = await openTwoTenants();
  const token = await server.tokenFor({ scopes });
  const fetch = (url: string, init: RequestInit) => server.fetch(new Request(url, init));
  ask = apiClient(fetch, { url: 'http://127.0.0.1', token, document: openApiDocuments() });
  await ask('POST /api/v1/workflows', { body: waiting('known') });
});
afterAll(() => server.close());

const text = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.string({ unit: 'binary', maxLength: 10 }),
  fc.constantFrom(...meaningfulTexts),
  fc.constantFrom(
    'known',
    '1',
    '__proto__',
    'constructor',
    '..',
    '%00',
    'x'.repeat(300),
    'exec_0',
    'apr_',
    'hdl_W10.AA',
  ),
);

/** Bodies that are almost right, so that more than the first check sees them. */
const almost = fc.constantFrom<object>(
  waiting('known'),
  waiting('new', { version: '2' }),
  { input_data: { text: '' } },
  { input_data: { text: 1 }, execution_options: { dry_run: true } },
  { type: 'x', data: {} },
  { decision: 'approve', output: {} },
  { decision: 'reject' },
  { runtime: 'http', url: 'https://agents.example' },
  { runtime: 'human', roles: ['lead'] },
  { subject: 'robot', scopes: ['agent:work'] },
  { output: 1 },
  { error: { name: 'x', message: 'y' } },
  { reason: 'lunch' },
);

/** One member put in place, added, or taken away. */
const mutated = fc.tuple(almost, text, fc.option(hostileJson)).map(([body, key, value]) => {
  const keys = Object.keys(body);
  const at = keys.includes(key) || key.length % 2 === 0 ? key : (keys[key.length % keys.length] ?? key);
  return JSON.stringify(value === null ? { ...body, [at]: undefined } : { ...body, [at]: value });
});

const body = fc.oneof(
  fc.constant(undefined),
  almost.map((it) => JSON.stringify(it)),
  mutated,
  hostileJson.map((it) => JSON.stringify(it)),
  text,
  fc.constantFrom('{"__proto__":{"admin":true}}', '['.repeat(20_000), '{"a":1,"a":2}', '﻿{}', '\u0000'),
);

const request = fc.record({
  operation: fc.constantFrom(...routes.map(({ method, path }) => `${method} ${path}`)),
  params: fc.array(text, { minLength: 2, maxLength: 2 }),
  query: fc.dictionary(
    fc.constantFrom(
      'limit',
      'cursor',
      'status',
      'workflow_id',
      'started_since',
      'version',
      'task',
      'against',
      'for_run',
      'x',
    ),
    fc.oneof(text, fc.constantFrom('1', '-1', '1e9', 'WzBd', 'WzEsIngiXQ', '2026-01-01T00:00:00Z', 'true')),
    { maxKeys: 3 },
  ),
  headers: fc.dictionary(
    fc.constantFrom('accept', 'if-none-match', 'idempotency-key', 'content-type'),
    fc.oneof(
      fc.string({ unit: 'grapheme-ascii', maxLength: 30 }),
      fc.constantFrom('*/*', 'application/yaml', 'text/*;q=0', 'application/json', 'a,b;q=x', '"x", *'),
    ),
    { maxKeys: 2 },
  ),
  body,
});

describe('the API', () => {
  it('answers no request with an error of its own, and each as its document says', async () => {
    await fc.assert(
      fc.asyncProperty(request, async ({ operation, params, query, headers, body: sent }) => {
        let next = 0;
        const path = operation.replaceAll(/\{\w+\}/g, () => encodeURIComponent((params[next++] ?? 'x').toWellFormed()));
        const search = new URLSearchParams(query).toString();
        const withBody = !operation.startsWith('GET') && sent !== undefined;

        await ask(`${path}${search && `?${search}`}`, {
          headers,
          ...(withBody && { body: sent }),
        });

        expect(server.errors).toEqual([]);
      }),
      { numRuns: Number(process.env['SKEIN_PROPERTY_RUNS'] ?? 600) },
    );
  });
});
