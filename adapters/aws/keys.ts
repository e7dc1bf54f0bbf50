import {
  controlPlace,
  type BusEvent,
  type ParkedEntry,
  type SkeinEvent,
  type Watch,
} from '../../core/execution/index.ts';
import type { ExecutionId, TaskPath } from '../../core/ids/index.ts';
import { digestOfText } from '../../core/json/index.ts';
import type { ViewPosition } from '../../core/ports/index.ts';
import type { ExecutionView } from '../../core/projections/index.ts';

/** Of one item. */
export interface Key {
  readonly pk: string;
  readonly sk: string;
}

/** Attributes by which an index finds an item; one startedKey serves all three. */
export interface IndexKeys {
  readonly tenantKey: string;
  readonly statusKey: string;
  readonly workflowKey: string;
  readonly startedKey: string;
}

/**
 * Partitions of the list of open executions. One takes 1,000 write units a second (DynamoDB), and a start and an end take two
 * each: eight of them bear 2,000 executions a second, where Step Functions starts 300.
 */
const OPEN_SHARDS = 8;

/** Digits of an event's number: enough for any path, and the keys of its events sort by number. */
const NUMBER_DIGITS = 10;

/** Every key of the table (its list stands in table-definition.ts). Whoever makes one here can reach nothing of another tenant. */
export interface Keys {
  execution(id: ExecutionId): Key;
  view(id: ExecutionId): Key;
  task(id: ExecutionId, path: TaskPath): Key;
  tasks(id: ExecutionId): Key;
  limit(id: ExecutionId, name: string): Key;
  control(key: string): Key;
  controls(folder: string): Key;
  event(place: Pick<SkeinEvent, 'execution' | 'path' | 'n'>): Key;
  events(id: ExecutionId): Key;
  watch(watch: Watch): Key;
  watches(id: ExecutionId, producer: TaskPath): Key;
  open(id: ExecutionId): Key;
  /** The partitions that hold the open executions. */
  openShards(): readonly Key[];
  parked(entry: ParkedEntry): Key;
  queue(key: string): Key;
  busEventId(id: string): Key;
  busEvent(event: Pick<BusEvent, 'type' | 'time' | 'id'>): Key;
  /** Where the events of a type at or after a time begin. */
  busEvents(type: string, since: number): Key;
  version(name: string, version: string): Key;
  versions(name?: string): Key;
  machines(name: string, version: string): Key;
  agentType(name: string): Key;
  agentTypes(): Key;
  apiKey(id: string): Key;
  apiKeys(): Key;
  idempotentRequest(key: string): Key;
  index(view: Pick<ExecutionView, 'execution' | 'status' | 'workflow' | 'startedAt'>): IndexKeys;
  /** The indexes' partitions. */
  byStart(): string;
  byStatus(status: string): string;
  byWorkflow(workflow: string): string;
}

/** Keys that name several items, such as `tasks`, hold in `sk` what the items' sort keys begin with. */
export function createKeys(tenant: string): Keys {
  const partition = (...parts: string[]): string => joined('T', tenant, ...parts);
  const ofExecution = (id: ExecutionId, ...parts: string[]): Key => ({
    pk: partition('EX', id),
    sk: joined(...parts),
  });
  const ofWorkflows = (...parts: string[]): Key => ({ pk: partition('WF'), sk: joined(...parts) });
  return {
    execution: (id) => ofExecution(id, 'META'),
    view: (id) => ofExecution(id, 'VIEW'),
    task: (id, path) => ofExecution(id, 'TASK', path),
    tasks: (id) => ofExecution(id, 'TASK', ''),
    limit: (id, name) => ofExecution(id, 'LIMIT', name),
    control: (key) => {
      const { folder, name } = controlPlace(key);
      return { pk: partition('CTL', folder), sk: joined(name) };
    },
    controls: (folder) => ({ pk: partition('CTL', folder), sk: '' }),
    event: ({ execution, path, n }) => ofExecution(execution, 'EV', path, String(n).padStart(NUMBER_DIGITS, '0')),
    events: (id) => ofExecution(id, 'EV', ''),
    watch: ({ execution, producer, consumer }) => ofExecution(execution, 'WATCH', producer, consumer),
    watches: (id, producer) => ofExecution(id, 'WATCH', producer, ''),
    open: (id) => ({ pk: partition('OPEN', shardOf(id)), sk: joined(id) }),
    openShards: () =>
      Array.from({ length: OPEN_SHARDS }, (_, shard) => ({ pk: partition('OPEN', String(shard)), sk: '' })),
    parked: ({ key, arrival, path, execution }) => ({
      pk: partition('QUEUE', key),
      sk: joined(sortableNumber(arrival), path, execution),
    }),
    queue: (key) => ({ pk: partition('QUEUE', key), sk: '' }),
    busEventId: (id) => ({ pk: partition('BUSID', id), sk: 'ID' }),
    busEvent: ({ type, time, id }) => ({ pk: partition('BUS', type), sk: joined(sortableNumber(time), id) }),
    busEvents: (type, since) => ({ pk: partition('BUS', type), sk: sortableNumber(since) }),
    version: (name, version) => ofWorkflows('V', name, version),
    versions: (name) => (name === undefined ? ofWorkflows('V', '') : ofWorkflows('V', name, '')),
    machines: (name, version) => ofWorkflows('M', name, version),
    agentType: (name) => ({ pk: partition('AG'), sk: joined(name) }),
    agentTypes: () => ({ pk: partition('AG'), sk: '' }),
    apiKey: (id) => ({ pk: partition('KEY'), sk: joined(id) }),
    apiKeys: () => ({ pk: partition('KEY'), sk: '' }),
    idempotentRequest: (key) => ({ pk: partition('IDEM', key), sk: 'REQUEST' }),
    index: ({ execution, status, workflow, startedAt }) => ({
      tenantKey: partition(),
      statusKey: partition('STATUS', status),
      workflowKey: partition('WF', workflow),
      startedKey: startedKey({ startedAt, execution }),
    }),
    byStart: () => partition(),
    byStatus: (status) => partition('STATUS', status),
    byWorkflow: (workflow) => partition('WF', workflow),
  };
}

/** The sort key of every index; the greatest is the newest. */
export function startedKey({ startedAt, execution }: ViewPosition): string {
  return joined(sortableNumber(startedAt), execution);
}

/** Parts with `#` between them, which no part can forge. Task paths and ids hold neither character and read as they are. */
function joined(...parts: string[]): string {
  return parts.map((part) => part.replaceAll('%', '%25').replaceAll('#', '%23')).join('#');
}

function shardOf(id: ExecutionId): string {
  return String(Number.parseInt(digestOfText(id).slice(0, 8), 16) % OPEN_SHARDS);
}

/**
 * A text that sorts as the number does, fractions and negative ones included: the bits of the double, 16 hexadecimal digits.
 * Decimal digits would be easier to read, and would round.
 */
function sortableNumber(value: number): string {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  const bits = bytes.readBigUInt64BE();
  const sign = 1n << 63n;
  const ordered = (bits & sign) === 0n ? bits | sign : ~bits & ((1n << 64n) - 1n);
  return ordered.toString(16).padStart(16, '0');
}
