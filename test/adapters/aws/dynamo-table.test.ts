import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import {
  createDynamoIdempotencyStore,
  createDynamoLedgerStore,
  createDynamoMachineRegistry,
  createDynamoViewStore,
  type S3Objects,
} from '../../../adapters/aws/index.ts';
import { createDynamoTable } from '../../../adapters/aws/dynamo-table.ts';
import { taskPath } from '../../../core/ids/index.ts';
import { anId, aTask } from '../../makers/ledger-records.ts';
import { aLargeView, aRequest, aView } from '../../makers/stored-records.ts';

type Answer = (command: { readonly constructor: { readonly name: string }; readonly input: Sent }) => object;

interface Sent {
  readonly Item?: Readonly<Record<string, unknown>>;
  readonly TransactItems?: readonly unknown[];
  readonly ClientRequestToken?: string;
}

/** A client that answers what the test says, and what it was sent. */
function aClient(answer: Answer): { client: DynamoDBDocumentClient; sent: Sent[] } {
  const sent: Sent[] = [];
  const send = async (command: Parameters<Answer>[0]): Promise<object> => {
    sent.push(command.input);
    return answer(command);
  };
  // A casting boundary: the stores only send.
  return { client: { send } as unknown as DynamoDBDocumentClient, sent };
}

const deps = (client: DynamoDBDocumentClient) => ({ client, table: 'skein', tenant: 'ann' });
const failing = (name: string, more: object = {}) =>
  aClient(() => {
    throw Object.assign(new Error('arn:aws:dynamodb says no'), { name, ...more });
  }).client;

const noObjects: S3Objects = {
  put: async () => undefined,
  find: async () => undefined,
  remove: async () => undefined,
};

describe('createDynamoLedgerStore', () => {
  it.each([
    ['ThrottlingException', 'UnavailableError', 'database_unavailable'],
    ['ProvisionedThroughputExceededException', 'UnavailableError', 'database_unavailable'],
    ['TransactionInProgressException', 'UnavailableError', 'database_unavailable'],
    ['InternalServerError', 'UnavailableError', 'database_unavailable'],
    ['TimeoutError', 'UnavailableError', 'database_unavailable'],
    ['ValidationException', 'InvariantError', 'database_refused'],
    ['ResourceNotFoundException', 'InvariantError', 'database_refused'],
    ['AccessDeniedException', 'InvariantError', 'database_refused'],
  ])('tells of a %s by an %s', async (aws, name, code) => {
    const store = createDynamoLedgerStore(deps(failing(aws)));
    const told = { name, code, details: { aws } };

    await expect(store.commit([{ kind: 'task', record: aTask() }])).rejects.toMatchObject(told);
    await expect(store.findTask(anId, taskPath('lint'))).rejects.toMatchObject(told);
    await expect(store.findTasks(anId, [taskPath('lint')])).rejects.toMatchObject(told);
    await expect(store.listTasks(anId)).rejects.toMatchObject(told);
  });

  it.each([
    [['None', 'ConditionalCheckFailed'], 'conflict'],
    [['TransactionConflict'], 'conflict'],
    [['ThrottlingError', 'TransactionConflict'], 'conflict'],
    [['ThrottlingError'], 'database_unavailable'],
    [['ProvisionedThroughputExceeded', 'None'], 'database_unavailable'],
    [undefined, 'database_unavailable'],
  ])('takes a transaction cancelled for %j for %s', async (codes, expected) => {
    const reasons = codes && { CancellationReasons: codes.map((Code) => ({ Code })) };
    const store = createDynamoLedgerStore(deps(failing('TransactionCanceledException', reasons ?? {})));

    const result = await store.commit([{ kind: 'task', record: aTask() }]).catch(codeOf);

    expect(result).toBe(expected);
  });

  it('gives each commit a token of its own', async () => {
    const { client, sent } = aClient(() => ({}));
    const store = createDynamoLedgerStore(deps(client));

    for (let commit = 0; commit < 2; commit += 1) await store.commit([{ kind: 'task', record: aTask() }]);

    const tokens = sent.map(({ ClientRequestToken }) => ClientRequestToken);
    expect(new Set(tokens).size).toBe(2);
    for (const token of tokens) expect(token).toMatch(/^[0-9a-f-]{36}$/);
  });

  it.each([
    ['a record of 400 KB', [aTask({ output: { inline: 'é'.repeat(205_000) } })]],
    ['a commit of 4 MB', large(12)],
  ])('refuses %s before it asks, and says how large it is', async (_what, records) => {
    const { client, sent } = aClient(() => ({}));
    const commit = createDynamoLedgerStore(deps(client)).commit(
      records.map((record) => ({ kind: 'task', record }) as const),
    );

    await expect(commit).rejects.toMatchObject({ name: 'CapacityError', code: 'record_too_large' });
    expect(sent).toEqual([]);
  });

  it('takes what is just not too large', async () => {
    const { client, sent } = aClient(() => ({}));

    await createDynamoLedgerStore(deps(client)).commit(large(11).map((record) => ({ kind: 'task', record }) as const));

    expect(sent[0]?.TransactItems).toHaveLength(11);
  });
});

describe('DynamoTable.findAll', () => {
  it('says that the table did not answer when a batch stays incomplete, after growing pauses', async () => {
    const pauses: number[] = [];
    const { client, sent } = aClient(() => ({ UnprocessedKeys: { skein: { Keys: [{ pk: 'a', sk: 'b' }] } } }));
    const table = createDynamoTable({ client, table: 'skein', pause: async (ms) => void pauses.push(ms) });

    await expect(table.findAll([{ pk: 'a', sk: 'b' }])).rejects.toMatchObject({ name: 'UnavailableError' });

    expect(pauses).toEqual([25, 50, 100, 200, 400, 800, 1_600]);
    expect(sent).toHaveLength(8);
  });

  it('asks for no more than 100 items at once, and for each once', async () => {
    const { client, sent } = aClient(() => ({}));
    const keys = Array.from({ length: 150 }, (_, at) => ({ pk: 'p', sk: String(at) }));

    await createDynamoTable({ client, table: 'skein' }).findAll([...keys, ...keys]);

    const asked = sent.map(
      (input) => (input as { RequestItems: { skein: { Keys: object[] } } }).RequestItems.skein.Keys,
    );
    expect(asked.map(({ length }) => length)).toEqual([100, 50]);
  });
});

describe('createDynamoIdempotencyStore', () => {
  it('knows a claim of its own when the answer to the first try was lost', async () => {
    let stored: Sent['Item'];
    const { client } = aClient(({ constructor, input }) => {
      if (constructor.name === 'GetCommand') return { Item: stored };
      stored = input.Item;
      throw Object.assign(new Error('refused'), { name: 'ConditionalCheckFailedException' });
    });

    expect(await createDynamoIdempotencyStore(deps(client)).claim(aRequest())).toBeUndefined();
  });

  it('claims again when what stood in its way has expired meanwhile', async () => {
    let tries = 0;
    const { client } = aClient(({ constructor }) => {
      if (constructor.name === 'GetCommand' || (tries += 1) > 1) return {};
      throw Object.assign(new Error('refused'), { name: 'ConditionalCheckFailedException' });
    });

    expect(await createDynamoIdempotencyStore(deps(client)).claim(aRequest())).toBeUndefined();
    expect(tries).toBe(2);
  });
});

describe('createDynamoViewStore', () => {
  it('says so when the object of a view is missing', async () => {
    const { client, sent } = aClient(() => ({ Item: { pk: 'p', sk: 's', object: 'views/1' } }));
    const store = createDynamoViewStore({ ...deps(client), objects: noObjects });

    await expect(store.find(anId)).rejects.toMatchObject({ name: 'UnavailableError', code: 'view_incomplete' });
    expect(sent).toHaveLength(5);
  });

  it('leaves its own object alone when the SDK has made its put twice', async () => {
    const happened: string[] = [];
    const { client } = aClient(({ input }) => ({ Attributes: input.Item }));
    const objects = {
      ...noObjects,
      put: async () => void happened.push('put'),
      remove: async () => void happened.push('removed'),
    };

    await createDynamoViewStore({ ...deps(client), objects }).put(aLargeView());

    expect(happened).toEqual(['put']);
  });

  it('lists by what views say now, not by what an index remembers', async () => {
    const record = JSON.stringify(aView({ status: 'succeeded' }));
    const item = { pk: 'p', sk: 's', record };
    const { client } = aClient(({ constructor }) =>
      constructor.name === 'QueryCommand' ? { Items: [{ pk: 'p', sk: 's' }] } : { Responses: { skein: [item] } },
    );
    const store = createDynamoViewStore({ ...deps(client), objects: noObjects });

    expect(await store.list({ status: 'running', limit: 10 })).toEqual([]);
    expect(await store.list({ limit: 10 })).toHaveLength(1);
  });

  it('asks for nothing where the wanted stretch is empty', async () => {
    const { client, sent } = aClient(() => ({}));
    const store = createDynamoViewStore({ ...deps(client), objects: noObjects });

    expect(await store.list({ limit: 0 })).toEqual([]);
    expect(await store.list({ limit: 9, since: 2, after: { startedAt: 1, execution: 'exec_1' } })).toEqual([]);
    expect(sent).toEqual([]);
  });
});

describe('createDynamoMachineRegistry', () => {
  it('finds the machines that were marked last, and none before', async () => {
    const items = new Map<string, Sent['Item']>();
    const { client } = aClient(({ input }) => {
      const { pk, sk } = input.Item ?? (input as { Key: { pk: string; sk: string } }).Key;
      const key = `${String(pk)} ${String(sk)}`;
      if (input.Item) items.set(key, input.Item);
      return { Item: items.get(key) };
    });
    const registry = createDynamoMachineRegistry(deps(client));
    const machines = { machineArn: 'arn:1', partArns: ['arn:2'] };
    expect(await registry.findMachines('review', '1')).toBeUndefined();

    await registry.markRunnable('review', '1', { machineArn: 'arn:0', partArns: [] });
    await registry.markRunnable('review', '1', machines);

    expect(await registry.findMachines('review', '1')).toEqual(machines);
    expect(await registry.findMachines('review', '2')).toBeUndefined();
  });
});

function large(count: number) {
  const output = { inline: 'x'.repeat(360_000) };
  return Array.from({ length: count }, (_, index) => aTask({ path: taskPath(`scan[${index}]`), output }));
}

function codeOf(error: unknown): string {
  if (error instanceof Error && 'code' in error) return String(error.code);
  throw error;
}
