import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  BatchGetCommand,
  DeleteCommand,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
  type DynamoDBDocumentClient,
  type NativeAttributeValue,
  type QueryCommandInput,
  type QueryCommandOutput,
} from '@aws-sdk/lib-dynamodb';
import { UnavailableError } from '../../core/errors/index.ts';
import type { Condition } from './dynamo-conditions.ts';
import { requireFits } from './dynamo-limits.ts';
import type { Key } from './keys.ts';
import { toEngineError } from './sdk-error.ts';

export interface DynamoDeps {
  readonly client: DynamoDBDocumentClient;
  /** The table's name. */
  readonly table: string;
  readonly tenant: string;
}

export type Item = Key & { readonly [attribute: string]: NativeAttributeValue };

/** One action of a transaction. */
export type Action =
  { readonly kind: 'put'; readonly item: Item; readonly condition?: Condition } | { readonly kind: 'remove'; key: Key };

export type PutResult =
  | { readonly kind: 'stored'; readonly replaced: Item | undefined }
  /** The condition does not hold; nothing was written. */
  | { readonly kind: 'refused' };

/** The table as the stores use it. Reads are strong, save those of an index; no error of the SDK gets out. */
export interface DynamoTable {
  find(key: Key): Promise<Item | undefined>;
  /** In the order of `keys`; undefined where there is none. */
  findAll(keys: readonly Key[]): Promise<readonly (Item | undefined)[]>;
  /** Items of `key.pk` whose sort key begins with `key.sk`, by sort key. */
  list(key: Key, limit?: number): Promise<readonly Item[]>;
  /** Items of `key.pk` from `key.sk` on, by sort key. */
  listFrom(key: Key): Promise<readonly Item[]>;
  /** Page by page, as an index lists them. */
  pages(query: Omit<QueryCommandInput, 'TableName'>): AsyncIterable<readonly Item[]>;
  put(item: Item, condition: Condition | undefined): Promise<PutResult>;
  /** Answers what it has removed. */
  remove(key: Key): Promise<Item | undefined>;
  /** All or none. */
  transact(actions: readonly Action[]): Promise<'committed' | 'conflict'>;
}

/** Keys of one BatchGetItem (DynamoDB's limit). */
const BATCH = 100;

/** Items of a page, which DynamoDB ends at 1 MB as well. */
const PAGE = 1_000;

/** For keys that a batch left out: pauses that double from 25 ms, 3.2 s in all. */
const ROUNDS = 8;
const FIRST_PAUSE = 25;

const refusals = new Set([
  'AccessDeniedException',
  'IdempotentParameterMismatchException',
  'ResourceNotFoundException',
  'SerializationException',
  'ValidationException',
]);

type Place = Pick<DynamoDeps, 'client' | 'table'>;

interface TableDeps extends Place {
  /** Resolves after so many milliseconds. */
  readonly pause?: (milliseconds: number) => Promise<void>;
}

export function createDynamoTable({ client, table, pause = sleep }: TableDeps): DynamoTable {
  const asked = { code: 'database', name: `table ${table}`, refusals };
  const answerOf = <Answer>(answer: Promise<Answer>): Promise<Answer> =>
    answer.catch((error: unknown) => {
      throw toEngineError(error, asked);
    });
  const query = (input: Omit<QueryCommandInput, 'TableName'>): AsyncIterable<readonly Item[]> =>
    pagesOf((from) =>
      answerOf(client.send(new QueryCommand({ ...input, TableName: table, ...(from && { ExclusiveStartKey: from }) }))),
    );
  return {
    find: async (key) => {
      const command = new GetCommand({ TableName: table, Key: keyOf(key), ConsistentRead: true });
      return asItem((await answerOf(client.send(command))).Item);
    },
    findAll: (keys) => answerOf(findAll({ client, table, pause }, keys)),
    list: (key, limit = Infinity) => firstOf(query({ ...strongQuery(key), Limit: Math.min(limit, PAGE) }), limit),
    listFrom: (key) =>
      firstOf(query({ ...strongQuery(key), KeyConditionExpression: 'pk = :pk AND sk >= :sk' }), Infinity),
    pages: query,
    put: (item, condition) => answerOf(putItem({ client, table }, item, condition)),
    remove: async (key) => {
      const command = new DeleteCommand({ TableName: table, Key: keyOf(key), ReturnValues: 'ALL_OLD' });
      return asItem((await answerOf(client.send(command))).Attributes);
    },
    transact: (actions) => answerOf(transact({ client, table }, actions)),
  };
}

function strongQuery({ pk, sk }: Key): Omit<QueryCommandInput, 'TableName'> {
  return {
    ConsistentRead: true,
    // An empty text may not stand in a key condition.
    KeyConditionExpression: sk === '' ? 'pk = :pk' : 'pk = :pk AND begins_with(sk, :sk)',
    ExpressionAttributeValues: sk === '' ? { ':pk': pk } : { ':pk': pk, ':sk': sk },
  };
}

type Page = Pick<QueryCommandOutput, 'Items' | 'LastEvaluatedKey'>;

async function* pagesOf(page: (from: Page['LastEvaluatedKey']) => Promise<Page>): AsyncGenerator<readonly Item[]> {
  let from: Page['LastEvaluatedKey'];
  do {
    const found = await page(from);
    yield (found.Items ?? []).map((item) => item as Item);
    from = found.LastEvaluatedKey;
  } while (from);
}

async function firstOf(pages: AsyncIterable<readonly Item[]>, limit: number): Promise<readonly Item[]> {
  const items: Item[] = [];
  for await (const page of pages) {
    items.push(...page);
    if (items.length >= limit) break;
  }
  return items.slice(0, limit);
}

async function findAll(deps: Required<TableDeps>, keys: readonly Key[]): Promise<readonly (Item | undefined)[]> {
  const wanted = new Map(keys.map((key) => [idOf(key), keyOf(key)]));
  const found = new Map<string, Item>();
  const unique = [...wanted.values()];
  const batches = Array.from({ length: Math.ceil(unique.length / BATCH) }, (_, at) =>
    unique.slice(at * BATCH, (at + 1) * BATCH),
  );
  await Promise.all(
    batches.map(async (batch) => {
      for await (const item of batchItems(deps, batch)) found.set(idOf(item), item);
    }),
  );
  return keys.map((key) => found.get(idOf(key)));
}

/** DynamoDB may leave keys of a batch out when it is busy; they are asked for again, with growing pauses. */
async function* batchItems({ client, table, pause }: Required<TableDeps>, keys: readonly Key[]): AsyncGenerator<Item> {
  let left: readonly Key[] = keys;
  for (let round = 0; round < ROUNDS; round += 1) {
    if (round > 0) await pause(FIRST_PAUSE * 2 ** (round - 1));
    const request = { [table]: { Keys: left.map(keyOf), ConsistentRead: true } };
    const { Responses, UnprocessedKeys } = await client.send(new BatchGetCommand({ RequestItems: request }));
    for (const item of Responses?.[table] ?? []) yield item as Item;
    left = (UnprocessedKeys?.[table]?.Keys ?? []) as Key[];
    if (left.length === 0) return;
  }
  throw new UnavailableError({
    code: 'database_unavailable',
    message: `table ${table} left out ${left.length} items in each of ${ROUNDS} rounds`,
    hint: 'Try again.',
    details: { table, left: left.length },
  });
}

async function putItem({ client, table }: Place, item: Item, condition: Condition | undefined): Promise<PutResult> {
  requireFits([item]);
  try {
    const command = new PutCommand({ TableName: table, Item: item, ...condition, ReturnValues: 'ALL_OLD' });
    return { kind: 'stored', replaced: asItem((await client.send(command)).Attributes) };
  } catch (error) {
    if (isNamed(error, 'ConditionalCheckFailedException')) return { kind: 'refused' };
    throw error;
  }
}

async function transact({ client, table }: Place, actions: readonly Action[]): Promise<'committed' | 'conflict'> {
  requireFits(actions.flatMap((action) => (action.kind === 'put' ? [action.item] : [])));
  const command = new TransactWriteCommand({
    TransactItems: actions.map((action) =>
      action.kind === 'put'
        ? { Put: { TableName: table, Item: action.item, ...action.condition } }
        : { Delete: { TableName: table, Key: keyOf(action.key) } },
    ),
    // One for all tries of the SDK: a try whose answer was lost is answered again and not made again (for 10 minutes).
    ClientRequestToken: randomUUID(),
  });
  try {
    await client.send(command);
    return 'committed';
  } catch (error) {
    if (isLost(error)) return 'conflict';
    throw error;
  }
}

/** Was the transaction cancelled because of what others have written, or write right now? */
function isLost(error: unknown): boolean {
  if (!isNamed(error, 'TransactionCanceledException') || !('CancellationReasons' in error)) return false;
  // A casting boundary: the SDK's own type of this error.
  const reasons = error.CancellationReasons as readonly { readonly Code?: string }[] | undefined;
  return (reasons ?? []).some(({ Code }) => Code === 'ConditionalCheckFailed' || Code === 'TransactionConflict');
}

function isNamed(error: unknown, name: string): error is Error {
  return error instanceof Error && error.name === name;
}

function keyOf({ pk, sk }: Key): Key {
  return { pk, sk };
}

function idOf({ pk, sk }: Key): string {
  return `${pk}\n${sk}`;
}

function asItem(found: Record<string, NativeAttributeValue> | undefined): Item | undefined {
  return found as Item | undefined;
}
