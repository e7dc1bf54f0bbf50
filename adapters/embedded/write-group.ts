import type { DatabaseSync } from 'node:sqlite';
import { toEngineError } from './database-error.ts';

interface Job {
  /** Writes inside the open transaction. `undo`: what it wrote is taken back; `settle` may be called after COMMIT only. */
  readonly write: () => { readonly undo: boolean; readonly settle: () => void };
  readonly reject: (error: unknown) => void;
}

export interface WriteGroup {
  /**
   * Runs `work` in the transaction of the present turn of the event loop. Resolves with its result once that is durable.
   * A work that throws, or whose result `undoIf` holds for, leaves nothing behind and disturbs no other work of the group.
   */
  enqueue<T>(work: () => T, undoIf: (result: T) => boolean): Promise<T>;
  /** Commits what is queued now instead of at the end of the turn. */
  flush(): void;
}

/**
 * One COMMIT, and with it one wait for the disk (0.1 to 5 ms), serves all writes that were queued in one turn of the event
 * loop. The transaction begins and ends inside one synchronous call, so no read can see a part of it.
 */
export function createWriteGroup(connection: DatabaseSync, path: string): WriteGroup {
  const transaction = prepareTransaction(connection);
  let queue: Job[] = [];

  function flush(): void {
    const group = queue;
    queue = [];
    if (group.length === 0) return;
    try {
      transaction.begin.run();
      const settles = group.map((job) => writeOne(job, transaction, path));
      transaction.commit.run();
      for (const settle of settles) settle();
    } catch (error) {
      for (const job of group) job.reject(toEngineError(error, path));
      if (transaction.isOpen()) transaction.rollback.run();
    }
  }

  return {
    enqueue: <T>(work: () => T, undoIf: (result: T) => boolean) =>
      new Promise<T>((resolve, reject) => {
        if (queue.length === 0) setImmediate(flush);
        const write: Job['write'] = () => {
          const result = work();
          return { undo: undoIf(result), settle: () => resolve(result) };
        };
        queue.push({ write, reject });
      }),
    flush,
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

/** Answers what tells the job's owner, once COMMIT has succeeded. Throws when the transaction is lost. */
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
