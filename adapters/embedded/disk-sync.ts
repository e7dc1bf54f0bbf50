import { closeSync, fdatasync, fdatasyncSync, openSync } from 'node:fs';
import { UnavailableError } from '../../core/errors/index.ts';

/** Waits until what SQLite has committed is on the disk. */
export interface DiskSync {
  /** Beside the event loop; never at once. Hears of the error, if any. */
  sync(done: (error?: unknown) => void): void;
  /** Answers the error, if any. */
  syncNow(): unknown;
  close(): void;
}

/** Where a power loss takes everything anyway, or may take the last commits. */
export const noDiskSync: DiskSync = {
  sync: (done) => queueMicrotask(done),
  syncNow: () => undefined,
  close: () => undefined,
};

/**
 * Syncs a database in WAL mode: a commit is durable when the frames of its transaction are. SQLite does the same after each COMMIT when
 * `synchronous` is FULL, but the event loop stands still meanwhile; with NORMAL it leaves this wait to us, and syncs what is left (before a
 * checkpoint and after) itself. SQLite keeps its locks on other files, so closing this one drops none of them.
 */
export function createWalSync(path: string): DiskSync {
  let opened: number | undefined;
  const failure = (cause: unknown): UnavailableError =>
    new UnavailableError({
      code: 'database_io_error',
      message: `${path}: the operating system could not bring what was written to the disk`,
      hint: 'Check the disk and its quotas, then `skein resume`; nothing that was acknowledged is lost.',
      details: { path },
      cause,
    });
  const wal = (): number => (opened ??= openSync(`${path}-wal`, 'r+'));
  return {
    sync: (done) => {
      try {
        fdatasync(wal(), (error) => done(error ? failure(error) : undefined));
      } catch (error) {
        queueMicrotask(() => done(failure(error)));
      }
    },
    syncNow: () => {
      try {
        fdatasyncSync(wal());
        return undefined;
      } catch (error) {
        return failure(error);
      }
    },
    close: () => {
      if (opened !== undefined) closeSync(opened);
      opened = undefined;
    },
  };
}
