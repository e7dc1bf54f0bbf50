import type {
  BusEvent,
  ControlRecord,
  ExecutionRecord,
  LimitRecord,
  ParkedEntry,
  SkeinEvent,
  TaskRecord,
  Watch,
} from '../../core/execution/index.ts';
import type { ExecutionId } from '../../core/ids/index.ts';
import type { LedgerStore } from '../../core/ports/index.ts';
import { compareEvents } from '../../core/projections/index.ts';
import { usualSettings } from '../../core/settings/index.ts';
import { actionsOf, type OpenExecution } from './dynamo-ledger-items.ts';
import { requireOneTransaction } from './dynamo-limits.ts';
import { recordsIn, type Records } from './dynamo-records.ts';
import { createDynamoTable, type DynamoDeps } from './dynamo-table.ts';
import { createKeys, type Keys } from './keys.ts';

export interface DynamoLedgerDeps extends DynamoDeps {
  /** How long events of the coordination bus are kept; default: EVENT_RETENTION_HOURS. */
  readonly eventHours?: number;
}

/**
 * The ledger in the table, of one tenant. Every commit is a transaction with a token, also one of a single write: a plain put
 * that is repeated because its answer was lost would find its own first try and call that a conflict.
 */
export function createDynamoLedgerStore({
  client,
  table: name,
  tenant,
  eventHours = usualSettings.EVENT_RETENTION_HOURS,
}: DynamoLedgerDeps): LedgerStore {
  const table = createDynamoTable({ client, table: name });
  const keys = createKeys(tenant);
  const executions = recordsIn<ExecutionRecord>(table);
  const tasks = recordsIn<TaskRecord>(table);
  const limits = recordsIn<LimitRecord>(table);
  const controls = recordsIn<ControlRecord>(table);
  const events = recordsIn<SkeinEvent>(table);
  const busEvents = recordsIn<BusEvent>(table);
  const watches = recordsIn<Watch>(table);
  const parked = recordsIn<ParkedEntry>(table);
  const open = recordsIn<OpenExecution>(table);
  return {
    commit: async (writes) => {
      const actions = writes.flatMap((write) => actionsOf({ keys, eventHours }, write));
      requireOneTransaction(actions.map((action) => (action.kind === 'put' ? action.item : action.key)));
      return actions.length === 0 ? 'committed' : table.transact(actions);
    },
    // DynamoDB answers once a write is durable.
    durable: async () => undefined,
    findExecution: (id) => executions.find(keys.execution(id)),
    findTask: (execution, path) => tasks.find(keys.task(execution, path)),
    findTasks: (execution, paths) => tasks.findAll(paths.map((path) => keys.task(execution, path))),
    listTasks: (execution) => tasks.list(keys.tasks(execution)),
    findLimit: (execution, limit) => limits.find(keys.limit(execution, limit)),
    findControl: (key) => controls.find(keys.control(key)),
    listControls: (folder) => controls.list(keys.controls(folder)),
    listWatches: (execution, producer) => watches.list(keys.watches(execution, producer)),
    listParked: async (key, limit) => (limit === 0 ? [] : parked.list(keys.queue(key), limit)),
    listBusEvents: (type, since) => busEvents.listFrom(keys.busEvents(type, since)),
    listEvents: async (execution) => (await events.list(keys.events(execution))).toSorted(compareEvents),
    listOpenExecutions: () => listOpen(open, keys),
  };
}

/** Each open execution has an item, which the transaction that ends it removes: no index, which would lag. */
async function listOpen(open: Records<OpenExecution>, keys: Keys): Promise<readonly ExecutionId[]> {
  const shards = await Promise.all(keys.openShards().map((shard) => open.list(shard)));
  return shards
    .flat()
    .sort((a, b) => a.startedAt - b.startedAt || (a.id < b.id ? -1 : 1))
    .map(({ id }) => id);
}
