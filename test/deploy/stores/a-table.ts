import { CreateTableCommand, DynamoDBClient, type KeySchemaElement } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll } from 'vitest';
import { tableDefinition } from '../../../adapters/aws/index.ts';
import { startDynamoDbLocal, type DynamoDbLocal } from '../dynamodb-local.ts';
import { tryAtOnce } from './faulty-client.ts';

/** What a store is made from. */
export interface TableDeps {
  readonly client: DynamoDBDocumentClient;
  readonly table: string;
  readonly tenant: string;
}

export interface TableWorld {
  /** Each time for a tenant of its own, so that all stores of a test file share one table. */
  deps(): TableDeps;
  /** With its own stack of middleware, so that the faults of one client are not another's. Tries `attempts` times, without pauses. */
  newClient(attempts?: number): DynamoDBDocumentClient;
}

const TABLE = 'skein';

/** A table on a DynamoDB Local of this test file, from before its tests until after them. */
export function aTable(): TableWorld {
  let local: DynamoDbLocal | undefined;
  const clients: DynamoDBDocumentClient[] = [];
  let tenants = 0;

  function newClient(attempts = 3): DynamoDBDocumentClient {
    if (local === undefined) throw new Error('the table is there from beforeAll on');
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    const place = { endpoint: local.endpoint, region: 'eu-central-1', credentials };
    const raw = new DynamoDBClient({ ...place, retryStrategy: tryAtOnce(attempts) });
    const client = DynamoDBDocumentClient.from(raw);
    clients.push(client);
    return client;
  }

  beforeAll(async () => {
    local = await startDynamoDbLocal();
    await createTable(newClient());
  });
  afterAll(async () => {
    for (const client of clients) client.destroy();
    await local?.stop();
  });
  return {
    newClient,
    deps: () => ({ client: clients[0] ?? newClient(), table: TABLE, tenant: `tenant-${tenants++}` }),
  };
}

async function createTable(client: DynamoDBDocumentClient): Promise<void> {
  const { partitionKey, sortKey, indexes } = tableDefinition;
  const keySchema = (hash: string, range: string): KeySchemaElement[] => [
    { AttributeName: hash, KeyType: 'HASH' },
    { AttributeName: range, KeyType: 'RANGE' },
  ];
  const attributes = new Set([partitionKey, sortKey, ...indexes.flatMap((it) => [it.partitionKey, it.sortKey])]);
  await client.send(
    new CreateTableCommand({
      TableName: TABLE,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [...attributes].map((name) => ({ AttributeName: name, AttributeType: 'S' })),
      KeySchema: keySchema(partitionKey, sortKey),
      GlobalSecondaryIndexes: indexes.map((index) => ({
        IndexName: index.name,
        KeySchema: keySchema(index.partitionKey, index.sortKey),
        Projection:
          index.include.length === 0
            ? { ProjectionType: 'KEYS_ONLY' }
            : { ProjectionType: 'INCLUDE', NonKeyAttributes: [...index.include] },
      })),
    }),
  );
}
