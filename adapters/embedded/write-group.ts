import type { DatabaseSync } from 'node:sqlite';
import { toEngineError } from './database-error.ts';
import type { DiskSync } from './disk-sync.ts';

interface Job {
  /** Writes inside the open transaction. `undo`: what it wrote is taken back; `settle` may be called once it is durable only. */
  readonly write: () => { readonly undo: boolean; readonly settle: () => void };
  readonly reject: (error: unknown) => void;
}

export interface WriteGroup {
  /**
   * Runs `work` in the next transaction. Resolves with its result once that is durable.
   * A work that throws, or whose result `undoIf` holds for, leaves nothing behind and disturbs no other work of the group.
   */
  enqueue<T>(work: () => T, undoIf: (result: T) => boolean): Promise<T>;
  /** Commits what is queued, and waits for the disk, before it returns. */
  flush(): void;
}

/** Committed, and not known to be on the disk. */
interface Unsynced {
  readonly jobs: readonly Job[];
  readonly settles: readonly (() => void)[];
}

/**
 * One COMMIT, and with it one wait for the disk (0.1 to 5 ms), serves all writes that were queued in one turn of the event
 * loop. The transaction begins and ends inside one synchronous call, so no read can see a part of it. The wait is not: the loop
 * goes on, and what it queues meanwhile is the next group.
 */
export function createWriteGroup(connection: DatabaseSync, path: string, disk: DiskSync): WriteGroup {
  const transaction = prepareTransaction(connection);
  let queue: Job[] = [];
  let unsynced: Unsynced[] = [];
  /** The disk has not kept something. Pages that could not be written count as clean then: a later sync succeeds without them. */
  let lost: { readonly error: unknown } | undefined;

  function settle(error?: unknown): void {
    const written = unsynced;
    unsynced = [];
    if (error !== undefined) lost ??= { error };
    for (const { jobs, settles } of written) {
      if (error === undefined) for (const settleOne of settles) settleOne();
      else for (const job of jobs) job.reject(toEngineError(error, path));
    }
  }

  function commitQueue(): void {
    const jobs = queue;
    queue = [];
    if (jobs.length === 0) return;
    try {
      if (lost) throw lost.error;
      transaction.begin.run();
      const settles = jobs.map((job) => writeOne(job, transaction, path));
      transaction.commit.run();
      unsynced.push({ jobs, settles });
    } catch (error) {
      for (const job of jobs) job.reject(toEngineError(error, path));
      if (transaction.isOpen()) transaction.rollback.run();
    }
  }

  function commitAndSync(): void {
    // What is queued while the disk works waits for it, and is then one group.
    if (unsynced.length > 0) return;
    commitQueue();
    if (unsynced.length === 0) return;
    disk.sync((error) => {
      settle(error);
      commitAndSync();
    });
  }

  return {
    enqueue: <T>(work: () => T, undoIf: (result: T) => boolean) =>
      new Promise<T>((resolve, reject) => {
        if (queue.length === 0 && unsynced.length === 0) setImmediate(commitAndSync);
        const write: Job['write'] = () => {
          const result = work();
          return { undo: undoIf(result), settle: () => resolve(result) };
        };
        queue.push({ write, reject });
      }),
    flush: () => {
      commitQueue();
      if (unsynced.length > 0) settle(disk.syncNow());
    },
  };
}

type Transaction = ReturnType<typeof prepareTransaction>;

function prepareTransaction(connection: DatabaseSync) {
  return {
    isOpen: () => connection.isTransaction,
    begin: connection.prepare('BEGIN IMMEDIATE'),
    commit: connection.prepare('COMMIT'),
    rollback: connection.prepare('ROLLBACK'),
    savepoint: connection.prepare('SAVEPOINT job'),
    undo: connection.prepare('ROLLBACK TO job'),
    release: connection.prepare('RELEASE job'),
  };
}

/** Answers what tells the job's owner, once it is durable. Throws when the transaction is lost. */
function writeOne(job: Job, transaction: Transaction, path: string): () => void {
  transaction.savepoint.run();
  try {
    const { undo, settle } = job.write();
    if (undo) transaction.undo.run();
    transaction.release.run();
    return settle;
  } catch (error) {
    // Full disks and IO errors end the whole transaction: then the group has failed, not the job.
    if (!transaction.isOpen()) throw error;
    transaction.undo.run();
    transaction.release.run();
    return () => job.reject(toEngineError(error, path));
  }
}
