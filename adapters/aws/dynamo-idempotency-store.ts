import { randomUUID } from 'node:crypto';
import type { IdempotencyStore, IdempotentRequest } from '../../core/ports/index.ts';
import { conditions } from './dynamo-conditions.ts';
import { recordsIn } from './dynamo-records.ts';
import { createDynamoTable, type DynamoDeps, type Item } from './dynamo-table.ts';
import { createKeys } from './keys.ts';

export function createDynamoIdempotencyStore({ client, table: place, tenant }: DynamoDeps): IdempotencyStore {
  const table = createDynamoTable({ client, table: place });
  const requests = recordsIn<IdempotentRequest>(table);
  const keys = createKeys(tenant);

  const itemOf = (request: IdempotentRequest): Item => ({
    ...keys.idempotentRequest(request.key),
    kind: 'idempotent_request',
    requestId: request.id,
    freeAt: request.expiresAt,
    // DynamoDB takes away what has expired, in whole seconds and days late: until then the condition sees to it.
    expiresAt: Math.ceil(request.expiresAt / 1_000),
    record: JSON.stringify(request),
  });

  async function claim(request: IdempotentRequest): Promise<IdempotentRequest | undefined> {
    const mark = randomUUID();
    const result = await table.put({ ...itemOf(request), claim: mark }, conditions.isFree(request.claimedAt));
    if (result.kind === 'stored') return undefined;
    const stored = await table.find(keys.idempotentRequest(request.key));
    // What stood there was taken away as expired between put and look.
    if (!stored) return claim(request);
    // A try whose answer was lost is made again by the SDK, and refused by what itself has stored.
    return stored.claim === mark ? undefined : requests.of(stored);
  }

  return {
    claim,
    put: async (request) => {
      await table.put(itemOf(request), conditions.isOwn(request.id));
    },
  };
}
