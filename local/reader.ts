import { isOwnedElsewhere } from '../adapters/embedded/index.ts';
import { NotFoundError } from '../core/errors/index.ts';
import {
  isTerminal,
  eventKey,
  groupLimit,
  limitKey,
  BUDGET,
  MAX_PARALLEL,
  type Approval,
  type BusEvent,
  type ExecutionRecord,
  type Incident,
  type SkeinEvent,
  type StoredValue,
  type TaskRecord,
} from '../core/execution/index.ts';
import { taskPath, type ExecutionId, type TaskPath } from '../core/ids/index.ts';
import { parseJson, type Json } from '../core/json/index.ts';
import type { Plan } from '../core/plan/index.ts';
import type { BlobStore, LedgerStore, PublishedVersion, ViewFilter } from '../core/ports/index.ts';
import {
  explain,
  foldEvents,
  verifyHistory,
  type ExecutionView,
  type Explanation,
  type LedgerRecords,
  type Violation,
} from '../core/projections/index.ts';
import {
  findBudgetUse,
  findStanding,
  getIncident,
  listApprovals,
  listBreakers,
  listCaches,
  listCompensations,
  type CompensationStatus,
  listIncidents,
  listPools,
  listRates,
  type AgentBreaker,
  type ApprovalFilter,
  type IncidentFilter,
  type PoolStatus,
  type RateStatus,
  type WorkflowCache,
} from '../engine/index.ts';
import type { BudgetUse } from '../core/resilience/index.ts';
import { openReadOnlyStores, type Stores } from './stores.ts';

/** What can be known of executions without changing any; works beside the process that runs them. */
export interface Reader {
  list(filter: ViewFilter): Promise<readonly ExecutionView[]>;
  /** Published versions, by name, then oldest first. */
  workflows(): Promise<readonly PublishedVersion[]>;
  /** Those of one execution throw NotFoundError (`execution_not_found`). */
  view(execution: ExecutionId): Promise<ExecutionView>;
  plan(execution: ExecutionId): Promise<Plan>;
  /** How much of its own budget is used, of each part that is limited and counted. */
  budget(execution: ExecutionId): Promise<readonly BudgetUse[]>;
  events(execution: ExecutionId): Promise<readonly SkeinEvent[]>;
  /** `now` in epoch milliseconds. */
  explain(execution: ExecutionId, path: TaskPath | undefined, now: number): Promise<Explanation>;
  /** What people have to decide now, oldest first. */
  approvals(filter?: ApprovalFilter): Promise<readonly Approval[]>;
  /** Those that have counted a failure, by agent type. */
  breakers(): Promise<readonly AgentBreaker[]>;
  /** Answers that are kept, by workflow. `now` in epoch milliseconds. */
  caches(now: number): Promise<readonly WorkflowCache[]>;
  /** Those that somebody has used, by name. */
  pools(): Promise<readonly PoolStatus[]>;
  /** Agent types that were called with a rate limit, by name. `now` in epoch milliseconds. */
  rates(now: number): Promise<readonly RateStatus[]>;
  /** All that has to be undone of an execution, what was done last in front. */
  compensations(execution: ExecutionId): Promise<readonly CompensationStatus[]>;
  /** Letters that nobody could deal with, the last seen first. */
  incidents(filter?: IncidentFilter): Promise<readonly Incident[]>;
  /** Throws NotFoundError (`incident_not_found`). */
  incident(id: string): Promise<Incident>;
  /** Holds the recorded history against the engine's promises. Empty: all hold. */
  verify(execution: ExecutionId): Promise<readonly Violation[]>;
  value(stored: StoredValue): Promise<Json>;
  /** Whether a process runs the executions that have not ended. */
  isAttended(): boolean;
}

/** Opens a database for looking, also while another process runs executions in it. Throws NotFoundError (`database_not_found`). */
export function openReader(path: string): { readonly reader: Reader; readonly close: () => void } {
  const stores = openReadOnlyStores(path);
  return { reader: createReader(stores, () => isOwnedElsewhere(path)), close: stores.close };
}

/** `isAttended`: whether a process runs the executions that have not ended. */
export function createReader(stores: Omit<Stores, 'handleSecret'>, isAttended: () => boolean): Reader {
  const { ledger, blobs, definitions, views } = stores;
  const getRecord = async (id: ExecutionId): Promise<ExecutionRecord> => {
    const record = await ledger.findExecution(id);
    if (record) return record;
    throw new NotFoundError({
      code: 'execution_not_found',
      message: `There is no execution ${id} in this database.`,
      hint: '`skein list` shows those there are; --database names another file.',
    });
  };
  const getPlan = async ({ workflow, version }: ExecutionRecord): Promise<Plan> => {
    const published = await definitions.find(workflow, version);
    if (published) return published.plan;
    throw new NotFoundError({ code: 'workflow_not_found', message: `The database lacks ${workflow} ${version}.` });
  };

  return {
    list: (filter) => listViews(stores, filter),
    workflows: () => definitions.list(),
    async view(id) {
      await getRecord(id);
      // The truth is the events: a stored view may lag behind them, or be missing after a crash.
      return foldEvents(await ledger.listEvents(id));
    },
    plan: async (id) => getPlan(await getRecord(id)),
    budget: (id) => getRecord(id).then(async (it) => findBudgetUse(stores, it, await getPlan(it))),
    async events(id) {
      await getRecord(id);
      return ledger.listEvents(id);
    },
    async explain(id, path, now) {
      const execution = await getRecord(id);
      const plan = await getPlan(execution);
      const queue = await findStanding(ledger, execution, plan);
      const known = { execution, plan, tasks: await ledger.listTasks(id), ...(queue && { queue }) };
      return explain({ ...known, now, isAttended: isAttended() }, path);
    },
    approvals: (filter) => listApprovals(stores, filter),
    breakers: () => listBreakers(stores),
    caches: (now) => listCaches({ ...stores, clock: { now: () => now } }),
    pools: () => listPools(stores),
    rates: (now) => listRates(stores, now),
    compensations: (id) => listCompensations(stores, id),
    incidents: (filter) => listIncidents(stores, filter),
    incident: (id) => getIncident(stores, id),
    async verify(id) {
      const execution = await getRecord(id);
      const plan = await getPlan(execution);
      const events = await ledger.listEvents(id);
      const view = await views.find(id);
      const records = await recordsOf(stores, execution, plan);
      const present = await presentBlobs(blobs, events);
      return verifyHistory({ events, plan, records, blobs: present, ...(view && { view }) });
    },
    isAttended,
    // A blob holds what the engine stored: JSON text.
    value: async (stored) => ('inline' in stored ? stored.inline : parseJson(await blobs.get(stored.blob))),
  };
}

/**
 * Stored views of what has ended, and of what has not the fold of its events: a process that died has left its last views
 * unwritten.
 */
async function listViews({ ledger, views }: Pick<Stores, 'ledger' | 'views'>, filter: ViewFilter) {
  const { status, workflow, limit } = filter;
  const fold = async (id: ExecutionId) => foldEvents(await ledger.listEvents(id));
  const isWanted = (view: ExecutionView) =>
    (status === undefined || view.status === status) && (workflow === undefined || view.workflow === workflow);
  const newest = (await ledger.listOpenExecutions()).toReversed();
  // Without a filter no older one can come into the list.
  const open = status === undefined && workflow === undefined ? newest.slice(0, limit) : newest;
  const stored = (await views.list(filter)).filter((view) => !open.includes(view.execution));
  const ended = stored.map(async (view) => (isTerminal(view.status) ? view : fold(view.execution)));
  return (await Promise.all([...open.map(fold), ...ended]))
    .filter(isWanted)
    .sort((a, b) => b.startedAt - a.startedAt || (a.execution < b.execution ? 1 : -1))
    .slice(0, limit);
}

async function recordsOf(
  { ledger }: Pick<Stores, 'ledger'>,
  execution: ExecutionRecord,
  plan: Plan,
): Promise<LedgerRecords> {
  const { id } = execution;
  const tasks = await ledger.listTasks(id);
  const producers = new Set([...plan.members.map(taskPath), ...tasks.map(({ path }) => path)]);
  const names = [MAX_PARALLEL, BUDGET, ...tasks.map(({ path }) => groupLimit(path))];
  const limits = await Promise.all(names.map((name) => ledger.findLimit(id, name)));
  const used = limits.filter((limit) => limit !== undefined);
  const events = plan.tasks.flatMap((task) =>
    task.kind === 'wait' && task.wait.kind === 'event' ? task.wait.event : [],
  );
  const keys = [...used.map(({ limit }) => limitKey(id, limit)), ...new Set(events.map(eventKey))];
  const parked = await Promise.all(keys.map((key) => ledger.listParked(key, Number.MAX_SAFE_INTEGER)));
  const watches = await Promise.all([...producers].map((producer) => ledger.listWatches(id, producer)));
  return {
    execution,
    tasks,
    limits: used,
    parked: parked.flat().filter((entry) => entry.execution === id),
    watches: watches.flat(),
    children: await childrenOf(ledger, tasks),
    published: await publishedBy(ledger, execution, plan),
  };
}

async function childrenOf(ledger: LedgerStore, tasks: readonly TaskRecord[]): Promise<readonly ExecutionRecord[]> {
  const ids = tasks.flatMap(({ child }) => child ?? []);
  const found = await Promise.all(ids.map((id) => ledger.findExecution(id)));
  return found.filter((child) => child !== undefined);
}

async function publishedBy(
  ledger: LedgerStore,
  { id, startedAt }: ExecutionRecord,
  { tasks }: Plan,
): Promise<readonly BusEvent[]> {
  const types = new Set(tasks.flatMap((task) => (task.kind === 'emit' ? task.event : [])));
  const events = await Promise.all([...types].map((type) => ledger.listBusEvents(type, startedAt)));
  return events.flat().filter(({ source }) => source === id);
}

/** Digests of values that events name and the blob store has. */
async function presentBlobs(blobs: BlobStore, events: readonly SkeinEvent[]): Promise<ReadonlySet<string>> {
  const present = new Set<string>();
  for (const { data } of events) {
    const output = 'output' in data ? data.output : undefined;
    const input = 'input' in data ? data.input : undefined;
    const snapshot = 'snapshot' in data ? data.snapshot : undefined;
    for (const value of [output, input, snapshot]) {
      if (!value || !('blob' in value) || present.has(value.blob)) continue;
      const found = await blobs.get(value.blob).then(
        () => true,
        (error: unknown) => !(error instanceof NotFoundError),
      );
      if (found) present.add(value.blob);
    }
  }
  return present;
}
