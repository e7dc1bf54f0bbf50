import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import {
  conditions,
  createDynamoDefinitionStore,
  createDynamoIdempotencyStore,
  createDynamoLedgerStore,
  createDynamoViewStore,
  createS3Objects,
} from '../../../adapters/aws/index.ts';
import { createMemoryBlobStore } from '../../../adapters/embedded/index.ts';
import type { LedgerWrite } from '../../../core/ports/index.ts';
import { readSourceFiles } from '../../architecture/source-file.ts';
import { anS3Server } from '../../makers/an-s3-server.ts';
import { aBusEvent, aControl, aLimit, anEvent, anExecution, anId, aTask } from '../../makers/ledger-records.ts';
import { aPublishedWorkflow, aRequest, aView } from '../../makers/stored-records.ts';
import { aTable, type TableDeps } from './a-table.ts';

const table = aTable();
const s3 = anS3Server();

interface Row {
  /** Of the item. */
  readonly kind: string;
  readonly condition: keyof typeof conditions;
  /** What the condition is for, and whether it held. */
  readonly holds: string;
  readonly race: (deps: TableDeps) => Promise<boolean>;
}

/** Every condition of every kind of item. */
const rows: readonly Row[] = [
  ...(['execution', 'task', 'limit', 'control'] as const).flatMap((kind): readonly Row[] => [
    {
      kind,
      condition: 'isNew',
      holds: 'of two who create it, one does',
      race: (deps) => oneOfTwoCommits(deps, [], writeOf(kind, 1)),
    },
    {
      kind,
      condition: 'isNext',
      holds: 'of two who have seen the same revision, one writes',
      race: (deps) => oneOfTwoCommits(deps, [writeOf(kind, 1)], writeOf(kind, 2)),
    },
  ]),
  {
    kind: 'event',
    condition: 'isNew',
    holds: 'an event is never written over',
    race: (deps) => oneOfTwoCommits(deps, [], { kind: 'event', event: anEvent() }),
  },
  {
    kind: 'bus_event_id',
    condition: 'isNew',
    holds: 'an event of the coordination bus is published once',
    race: (deps) => oneOfTwoCommits(deps, [], { kind: 'bus_event', event: aBusEvent() }),
  },
  {
    kind: 'version',
    condition: 'isNew',
    holds: 'of two who publish other content under one version, one does',
    race: async (deps) => {
      const store = createDynamoDefinitionStore({ ...deps, blobs: createMemoryBlobStore() });
      const published = await Promise.allSettled(
        ['a', 'b'].map((digest) => store.publish(aPublishedWorkflow({ digest }))),
      );
      return published.filter(({ status }) => status === 'fulfilled').length === 1;
    },
  },
  {
    kind: 'view',
    condition: 'isNotOlder',
    holds: 'a late projector does not take a view back',
    race: async (deps) => {
      const store = createDynamoViewStore({ ...deps, objects: createS3Objects(bucketOf(deps)) });
      await store.put(aView({ events: 9, status: 'succeeded' }));
      await store.put(aView({ events: 8 }));
      return (await store.find(anId))?.events === 9;
    },
  },
  {
    kind: 'idempotent_request',
    condition: 'isFree',
    holds: 'of two who claim a key, one gets it',
    race: async (deps) => {
      const store = createDynamoIdempotencyStore(deps);
      const claimed = await Promise.all(['exec_1', 'exec_2'].map((id) => store.claim(aRequest({ id }))));
      return claimed.filter((other) => other === undefined).length === 1;
    },
  },
  {
    kind: 'idempotent_request',
    condition: 'isOwn',
    holds: 'who was too slow does not answer for who has the key now',
    race: async (deps) => {
      const store = createDynamoIdempotencyStore(deps);
      const answer = { status: 202, headers: {}, body: '{}' };
      await store.claim(aRequest({ id: 'exec_2' }));
      await store.put(aRequest({ id: 'exec_1', answer }));
      return (await store.claim(aRequest({ id: 'exec_3' })))?.id === 'exec_2';
    },
  },
];

const names = (row: Pick<Row, 'kind' | 'condition'>): string => `${row.kind} ${row.condition}`;

describe.each(rows.map((row) => [names(row), row] as const))('the condition %s', (_name, row) => {
  it(`keeps the promise: ${row.holds}`, async () => {
    expect(await row.race(table.deps())).toBe(true);
  });

  it('cannot be left out: without it the check above finds the promise broken', async () => {
    const client = table.newClient();
    const stripped = stripConditions(client, names(row));

    expect(await row.race({ ...table.deps(), client })).toBe(false);

    expect(stripped.size).toBe(1);
  });
});

describe('the table of conditions', () => {
  it('names every condition that the stores use', async () => {
    const client = table.newClient();
    const used = stripConditions(client, 'none');

    for (const row of rows) await row.race({ ...table.deps(), client });

    expect([...used].toSorted()).toEqual(rows.map(names).toSorted());
    expect(new Set(rows.map(({ condition }) => condition))).toEqual(new Set(Object.keys(conditions)));
  });

  it('is complete, because conditions are written down in one file', () => {
    const writing = readSourceFiles()
      .filter(({ path, text }) => path.startsWith('adapters/') && /(?<!Key)ConditionExpression/.test(text))
      .map(({ path }) => path);

    expect(writing).toEqual(['adapters/aws/dynamo-conditions.ts']);
  });
});

function writeOf(kind: 'execution' | 'task' | 'limit' | 'control', revision: number): LedgerWrite {
  if (kind === 'execution') return { kind, record: anExecution({ revision }) };
  if (kind === 'task') return { kind, record: aTask({ revision }) };
  if (kind === 'control') return { kind, record: aControl({ revision }) };
  return { kind, record: aLimit({ revision }) };
}

/** Two at once, and a third who comes when all is over: of transactions that meet, DynamoDB may let neither through. */
async function oneOfTwoCommits(deps: TableDeps, before: readonly LedgerWrite[], write: LedgerWrite): Promise<boolean> {
  const store = createDynamoLedgerStore(deps);
  await store.commit(before);
  const results = await Promise.all([store.commit([write]), store.commit([write])]);
  results.push(await store.commit([write]));
  return results.filter((result) => result === 'committed').length === 1;
}

function bucketOf({ tenant }: TableDeps) {
  return { client: s3.client(), bucket: s3.bucket, tenant };
}

interface Put {
  readonly Item?: Readonly<Record<string, unknown>>;
  readonly ConditionExpression?: string;
  readonly ExpressionAttributeValues?: object;
}

interface Input extends Put {
  readonly TransactItems?: readonly { readonly Put?: Put }[];
}

/** Takes the condition out of every write of this client that has it. Answers the conditions that its writes have had. */
function stripConditions(client: DynamoDBDocumentClient, name: string): ReadonlySet<string> {
  const seen = new Set<string>();
  const strip = <Written extends Put>(put: Written): Written => {
    const own = nameOf(put);
    if (own !== undefined && (name === 'none' || own === name)) seen.add(own);
    if (own !== name) return put;
    const { ConditionExpression, ExpressionAttributeValues, ...rest } = put;
    // A casting boundary: both attributes are optional.
    return rest as unknown as Written;
  };
  client.middlewareStack.add(
    (next) => (args) => {
      // A casting boundary: what the stores send, before the SDK translates it.
      const { TransactItems, ...input } = args.input as Input;
      const items = TransactItems?.map((item) => (item.Put ? { ...item, Put: strip(item.Put) } : item));
      return next({ ...args, input: { ...strip(input), ...(items && { TransactItems: items }) } });
    },
    { step: 'initialize', priority: 'high', name: 'strippedConditions' },
  );
  return seen;
}

/** Kind of item and name of the condition, which is found by its expression. */
function nameOf({ Item, ConditionExpression }: Put): string | undefined {
  if (ConditionExpression === undefined) return undefined;
  const known = Object.entries({
    isNew: conditions.isNew(),
    isNext: conditions.isNext(2),
    isNotOlder: conditions.isNotOlder(1),
    isFree: conditions.isFree(0),
    isOwn: conditions.isOwn('id'),
  } satisfies Record<keyof typeof conditions, unknown>);
  const found = known.find(([, condition]) => condition.ConditionExpression === ConditionExpression);
  return `${String(Item?.kind)} ${found?.[0] ?? ConditionExpression}`;
}
