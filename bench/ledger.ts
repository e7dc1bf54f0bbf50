// How many commits a second each ledger store takes, and how long reads take. Prints; judges nothing.
// One commit is what settling a task writes: its record, two events, a watch. Run: npx -q node bench/ledger.ts
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createMemoryLedgerStore,
  createSqliteLedgerStore,
  openDatabase,
  type Durability,
} from '../adapters/embedded/index.ts';
import { executionId, itemPath, taskPath, type TaskPath } from '../core/ids/index.ts';
import type { LedgerStore, LedgerWrite } from '../core/ports/index.ts';

const SEQUENTIAL = 2_000;
const AT_ONCE = 1_000;
const ROUNDS = 10;

const execution = executionId('exec_01ARZ3NDEKTSV4RRFFQ69G5FAV');
const container = taskPath('scan');
const now = Date.UTC(2026, 10, 21);

function settlement(path: TaskPath, revision: number): readonly LedgerWrite[] {
  const envelope = { execution, path, lamport: revision, time: now } as const;
  return [
    {
      kind: 'task',
      record: {
        ...{ execution, path, revision, status: 'succeeded', attempts: 1, parking: 0, lamport: revision, events: 2 },
        ...{ output: { inline: { findings: [], summary: 'x'.repeat(200) } }, settledAt: now, token: 'y'.repeat(64) },
      },
    },
    { kind: 'event', event: { ...envelope, n: 2 * revision - 1, type: 'task.started', data: { attempt: 1 } } },
    {
      kind: 'event',
      event: {
        ...envelope,
        n: 2 * revision,
        type: 'task.completed',
        data: { attempts: 1, output: { inline: 'done' } },
      },
    },
    { kind: 'watch', watch: { execution, producer: path, consumer: taskPath('report') } },
  ];
}

async function secondsOf(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1_000;
}

async function commit(store: LedgerStore, path: TaskPath, revision: number): Promise<void> {
  if ((await store.commit(settlement(path, revision))) === 'conflict') throw new Error(`conflict at ${path}`);
}

async function measure(name: string, store: LedgerStore): Promise<void> {
  const sequential = await secondsOf(async () => {
    for (let n = 0; n < SEQUENTIAL; n += 1) await commit(store, itemPath(container, n), 1);
  });
  const concurrent = await secondsOf(async () => {
    for (let round = 1; round <= ROUNDS; round += 1) {
      const paths = Array.from({ length: AT_ONCE }, (_, n) => itemPath(taskPath('fan'), n));
      await Promise.all(paths.map((path) => commit(store, path, round)));
    }
  });
  const reads = await secondsOf(async () => {
    for (let n = 0; n < SEQUENTIAL; n += 1) await store.findTask(execution, itemPath(container, n));
  });
  const listing = await secondsOf(async () => {
    await store.listEvents(execution);
  });
  const events = 2 * (SEQUENTIAL + AT_ONCE * ROUNDS);
  const perSecond = (count: number, seconds: number): string => Math.round(count / seconds).toLocaleString('en');
  console.log(
    `${name.padEnd(28)} ${perSecond(SEQUENTIAL, sequential).padStart(12)} ${perSecond(AT_ONCE * ROUNDS, concurrent).padStart(12)}` +
      ` ${((reads / SEQUENTIAL) * 1e6).toFixed(1).padStart(12)} ${((listing / events) * 1e6).toFixed(1).padStart(12)}`,
  );
}

async function measureOnDisk(directory: string, durability: Durability): Promise<void> {
  const database = openDatabase({ path: join(directory, `${durability}.db`), mode: 'owner', durability });
  await measure(`SQLite, ${durability}`, createSqliteLedgerStore({ database }));
  database.close();
}

/** What the disk itself takes for 4 KiB: no durable commit that is awaited alone can be faster. */
function microsecondsOfSync(directory: string): number {
  const file = openSync(join(directory, 'sync'), 'w');
  const start = performance.now();
  for (let n = 0; n < 500; n += 1) {
    writeSync(file, Buffer.alloc(4096), 0, 4096, 4096 * (n % 64));
    fdatasyncSync(file);
  }
  closeSync(file);
  return ((performance.now() - start) / 500) * 1_000;
}

const directory = mkdtempSync(join(tmpdir(), 'skein-bench-'));
console.log(`fdatasync of 4 KiB: ${microsecondsOfSync(directory).toFixed(0)} µs`);
console.log(`${''.padEnd(28)}    commits/s    commits/s         µs a         µs an`);
console.log(`${''.padEnd(28)}   one by one  ${AT_ONCE} at once    findTask  event listed`);
await measure('memory', createMemoryLedgerStore());
const inMemory = openDatabase({ mode: 'owner' });
await measure('SQLite, in memory', createSqliteLedgerStore({ database: inMemory }));
inMemory.close();
await measureOnDisk(directory, 'process_crash');
await measureOnDisk(directory, 'power_loss');
rmSync(directory, { recursive: true });
