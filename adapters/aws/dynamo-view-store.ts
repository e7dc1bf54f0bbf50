import type { QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import { UnavailableError } from '../../core/errors/index.ts';
import type { ExecutionId } from '../../core/ids/index.ts';
import type { ViewFilter, ViewPosition, ViewStore } from '../../core/ports/index.ts';
import type { ExecutionView } from '../../core/projections/index.ts';
import { conditions } from './dynamo-conditions.ts';
import { createDynamoTable, type DynamoDeps, type Item } from './dynamo-table.ts';
import { createViewBodies, objectOf } from './dynamo-view-bodies.ts';
import { createKeys, startedKey, type Keys } from './keys.ts';
import type { S3Objects } from './s3-objects.ts';

interface ViewStoreDeps extends DynamoDeps {
  /** For views that are larger than an item may be. */
  readonly objects: S3Objects;
}

/** Times that a view is looked for again whose object was replaced between the look at its item and at the object. */
const LOOKS = 5;

/**
 * Views in the table, listed by its indexes, which hold keys only: a view that changes in anything but its status writes nothing
 * there. Several projectors may write one view at once, and the one that has folded more events stays.
 */
export function createDynamoViewStore({ client, table: place, tenant, objects }: ViewStoreDeps): ViewStore {
  const table = createDynamoTable({ client, table: place });
  const bodies = createViewBodies(objects);
  const keys = createKeys(tenant);

  async function find(execution: ExecutionId): Promise<ExecutionView | undefined> {
    for (let look = 0; look < LOOKS; look += 1) {
      const item = await table.find(keys.view(execution));
      if (!item) return undefined;
      const view = await bodies.read(item);
      if (view) return view;
    }
    throw bodyMissing(execution);
  }
  /** Their order kept; a view that was replaced meanwhile is looked for once more. */
  const load = async (items: readonly Item[]): Promise<readonly (ExecutionView | undefined)[]> => {
    const found = await table.findAll(items);
    return Promise.all(found.map(async (item) => item && ((await bodies.read(item)) ?? find(executionOf(item)))));
  };

  return {
    find,
    put: async (view) => {
      const body = await bodies.write(view);
      const item = { ...keys.view(view.execution), ...keys.index(view), kind: 'view', execution: view.execution };
      const result = await table.put(
        { ...item, status: view.status, folded: view.events, ...body },
        conditions.isNotOlder(view.events),
      );
      const [own, unused] = [objectOf(body), objectOf(result.kind === 'stored' ? result.replaced : body)];
      // A put that the SDK has made twice has replaced itself.
      if (unused !== undefined && (result.kind === 'refused' || unused !== own)) await objects.remove(unused);
    },
    list: async (filter) => {
      const views: ExecutionView[] = [];
      if (filter.limit === 0 || isEmpty(filter)) return views;
      for await (const page of table.pages(indexQuery(keys, filter))) {
        for (let from = 0; from < page.length;) {
          const until = from + filter.limit - views.length;
          const loaded = await load(page.slice(from, until));
          // The index lags: what the views say now decides.
          views.push(...loaded.filter((view) => view !== undefined).filter((view) => fits(view, filter)));
          if (views.length === filter.limit) return views;
          from = until;
        }
      }
      return views;
    },
  };
}

/** Above every start. */
const NOW: ViewPosition = { startedAt: Infinity, execution: '' };

/** DynamoDB refuses a range that ends before it begins. */
function isEmpty({ after = NOW, since = -Infinity }: ViewFilter): boolean {
  return since > after.startedAt;
}

function indexQuery(
  keys: Keys,
  { status, workflow, after = NOW, since = -Infinity }: ViewFilter,
): Omit<QueryCommandInput, 'TableName'> {
  const query = (index: string, attribute: string, value: string) => ({
    IndexName: index,
    ScanIndexForward: false,
    KeyConditionExpression: `${attribute} = :partition AND startedKey BETWEEN :since AND :after`,
    ExpressionAttributeValues: {
      ':partition': value,
      ':since': startedKey({ startedAt: since, execution: '' }),
      ':after': startedKey(after),
    },
  });
  if (workflow === undefined) {
    return status === undefined
      ? query('by-start', 'tenantKey', keys.byStart())
      : query('by-status', 'statusKey', keys.byStatus(status));
  }
  const ofWorkflow = query('by-workflow', 'workflowKey', keys.byWorkflow(workflow));
  if (status === undefined) return ofWorkflow;
  return {
    ...ofWorkflow,
    FilterExpression: '#status = :status',
    ExpressionAttributeNames: { '#status': 'status' },
    ExpressionAttributeValues: { ...ofWorkflow.ExpressionAttributeValues, ':status': status },
  };
}

function fits(view: ExecutionView, { status, workflow, after = NOW, since = -Infinity }: ViewFilter): boolean {
  return (
    (status === undefined || view.status === status) &&
    (workflow === undefined || view.workflow === workflow) &&
    view.startedAt >= since &&
    startedKey(view) < startedKey(after)
  );
}

function executionOf(item: Item): ExecutionId {
  // A casting boundary: `put` has written it.
  return item.execution as ExecutionId;
}

function bodyMissing(execution: ExecutionId): UnavailableError {
  return new UnavailableError({
    code: 'view_incomplete',
    message: `the view of ${execution} was replaced, or its object is missing, in each of ${LOOKS} looks`,
    hint: 'Try again; if it stays like this, rebuild the view from the events.',
    details: { execution },
  });
}
