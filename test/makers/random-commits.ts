import fc from 'fast-check';
import { executionStatuses } from '../../core/execution/index.ts';
import { executionId, taskPath } from '../../core/ids/index.ts';
import type { Json } from '../../core/json/index.ts';
import type { LedgerStore, LedgerWrite } from '../../core/ports/index.ts';
import { aBusEvent, aControl, aLimit, anEvent, anExecution, aParkedEntry, aTask, aWatch } from './ledger-records.ts';

// Few names and small numbers, so that commits meet each other.
const executions = ['exec_1', 'exec_2'].map(executionId);
const paths = ['', 'lint', 'scan', 'scan[10]', 'scan[2]'].map(taskPath);
const controls = ['breaker/a', 'breaker/b', 'pool/a/slot/1'];
const keys = ['limit#a', 'limit#b'];

const execution = fc.constantFrom(...executions);
const path = fc.constantFrom(...paths);
const revision = fc.integer({ min: 1, max: 4 });
const small = fc.integer({ min: 1, max: 5 });
const watch = fc.record({ execution, producer: path, consumer: path }).map(aWatch);
const entry = fc.record({ key: fc.constantFrom(...keys), execution, path, arrival: small }).map(aParkedEntry);
// A casting boundary: fast-check's JSON values are Json, its type says unknown. JSON text knows no -0.
const value = fc.jsonValue().map((found) => JSON.parse(JSON.stringify(found)) as Json);

const write: fc.Arbitrary<LedgerWrite> = fc.oneof(
  fc
    .record({ id: execution, revision, status: fc.constantFrom(...executionStatuses), startedAt: small })
    .map((change) => ({ kind: 'execution', record: anExecution(change) }) as const),
  fc
    .record({ execution, path, revision, output: value.map((inline) => ({ inline })) })
    .map((change) => ({ kind: 'task', record: aTask(change) }) as const),
  fc
    .record({ execution, limit: fc.constantFrom('max_parallel', 'rate'), revision, holders: fc.array(path) })
    .map((change) => ({ kind: 'limit', record: aLimit(change) }) as const),
  fc
    .record({ key: fc.constantFrom(...controls), revision, value })
    .map((change) => ({ kind: 'control', record: aControl(change) }) as const),
  fc
    .record({ execution, path, n: small, lamport: small, time: small })
    .map((change) => ({ kind: 'event', event: anEvent(change) }) as const),
  fc
    .record({ id: fc.constantFrom('e1', 'e2', 'e3'), type: fc.constantFrom('built', 'told'), time: small })
    .map((change) => ({ kind: 'bus_event', event: aBusEvent(change) }) as const),
  watch.map((watch) => ({ kind: 'watch', watch }) as const),
  watch.map((watch) => ({ kind: 'unwatch', watch }) as const),
  entry.map((entry) => ({ kind: 'park', entry }) as const),
  entry.map((entry) => ({ kind: 'unpark', entry }) as const),
);

/** Commits that are made at once, one batch after the other; a few break the port's rules. */
export const randomBatches = fc
  .array(fc.array(fc.array(write, { maxLength: 4 }), { minLength: 1, maxLength: 6 }), { maxLength: 8 })
  .map(withRisingNumbers);

/** Of each path's events the next number, or the last one again. */
function withRisingNumbers(sequence: readonly LedgerWrite[][][]): LedgerWrite[][][] {
  const last = new Map<string, number>();
  const renumber = (write: LedgerWrite): LedgerWrite => {
    if (write.kind !== 'event') return write;
    const key = `${write.event.execution} ${write.event.path}`;
    const n = Math.max(1, (last.get(key) ?? 0) + (write.event.n > 2 ? 1 : 0));
    last.set(key, n);
    return { ...write, event: { ...write.event, n } };
  };
  return sequence.map((commits) => commits.map((writes) => writes.map(renumber)));
}

/** All that can be read of the names that `randomBatches` uses. */
export async function everything(store: LedgerStore): Promise<unknown> {
  const perExecution = executions.map(async (id) => ({
    execution: await store.findExecution(id),
    tasks: await store.listTasks(id),
    found: await store.findTasks(id, paths),
    one: await store.findTask(id, taskPath('scan')),
    limits: [await store.findLimit(id, 'max_parallel'), await store.findLimit(id, 'rate')],
    events: await store.listEvents(id),
    watches: await Promise.all(paths.map((producer) => store.listWatches(id, producer))),
  }));
  return {
    executions: await Promise.all(perExecution),
    open: await store.listOpenExecutions(),
    bus: await Promise.all(['built', 'told'].map((type) => store.listBusEvents(type, 2))),
    controls: await Promise.all(controls.map((key) => store.findControl(key))),
    folders: await Promise.all(['breaker', 'pool', 'pool/a/slot'].map((folder) => store.listControls(folder))),
    parked: await Promise.all(keys.map((key) => store.listParked(key, 3))),
  };
}

/** Results of commits made at once; a refusal counts by its code. */
export async function commitAll(
  store: LedgerStore,
  commits: readonly (readonly LedgerWrite[])[],
): Promise<readonly string[]> {
  const codeOf = (error: unknown): string =>
    error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  return Promise.all(commits.map((writes) => store.commit(writes).catch(codeOf)));
}
