import { createHash } from 'node:crypto';
import * as z from 'zod';
import { NotFoundError } from '../../core/errors/index.ts';
import { writeApiKey } from '../api-key-text.ts';
import { scopes } from '../principal.ts';
import { route, type Route } from '../route.ts';
import { time, timeOf } from '../schemas/values.ts';

const shape = {
  key_id: z.string(),
  subject: z.string().meta({ description: 'The agent or service that shows it.' }),
  scopes: z.array(z.string()),
  created_at: time,
  expires_at: time.optional(),
};

const create = route({
  method: 'POST',
  path: '/api/v1/api-keys',
  operation: 'createApiKey',
  summary: 'Makes a key for an agent or a service. It is shown in this answer and never again.',
  access: 'admin',
  body: z.strictObject({
    subject: z.string().min(1).max(200),
    scopes: z.array(z.enum(scopes)).min(1),
    expires_in: z
      .int()
      .min(1)
      .max(31_536_000)
      .optional()
      .meta({ description: 'Seconds; absent: until it is removed.' }),
  }),
  answers: {
    201: { meaning: 'The key.', schema: z.object({ ...shape, api_key: z.string() }).meta({ id: 'new_api_key' }) },
  },
  problems: {},
  handle: async ({ body }, { services, principal, id }) => {
    const secret = services.newSecret();
    const now = services.clock.now();
    const key = {
      id: id.replace(/^exec_/, 'key_'),
      secretDigest: createHash('sha256').update(secret).digest('hex'),
      subject: body.subject,
      scopes: body.scopes,
      createdAt: now,
      ...(body.expires_in !== undefined && { expiresAt: now + body.expires_in * 1000 }),
    };
    await services.apiKeys.put(key);
    const api_key = writeApiKey({ tenant: principal.tenant, id: key.id, secret });
    return { status: 201, headers: { 'cache-control': 'no-store' }, body: { ...shown(key), api_key } };
  },
});

const list = route({
  method: 'GET',
  path: '/api/v1/api-keys',
  operation: 'listApiKeys',
  summary: 'The keys there are, without their secrets.',
  access: 'admin',
  answers: {
    200: { meaning: 'All of them.', schema: z.object({ api_keys: z.array(z.object(shape).meta({ id: 'api_key' })) }) },
  },
  problems: {},
  handle: async (_request, { services }) => ({
    status: 200,
    body: { api_keys: (await services.apiKeys.list()).map(shown) },
  }),
});

const remove = route({
  method: 'DELETE',
  path: '/api/v1/api-keys/{id}',
  operation: 'deleteApiKey',
  summary: 'Removes a key: nobody gets in with it any more.',
  access: 'admin',
  answers: { 204: { meaning: 'It is removed.' } },
  problems: { 404: 'There is no such key.' },
  handle: async ({ param }, { services }) => {
    if (await services.apiKeys.remove(param('id'))) return { status: 204 };
    throw new NotFoundError({ code: 'key_not_found', message: `There is no key ${param('id')}.` });
  },
});

interface Key {
  readonly id: string;
  readonly subject: string;
  readonly scopes: readonly string[];
  readonly createdAt: number;
  readonly expiresAt?: number;
}

function shown({ id, subject, scopes: held, createdAt, expiresAt }: Key) {
  return {
    key_id: id,
    subject,
    scopes: [...held],
    created_at: timeOf(createdAt),
    ...(expiresAt !== undefined && { expires_at: timeOf(expiresAt) }),
  };
}

export const keyRoutes: readonly Route[] = [create, list, remove];
