import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { openDatabase, type Database } from '../../adapters/embedded/index.ts';

/** An empty directory that goes away with the test. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'skein-test-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** A new database on disk, closed when the test ends. */
export function databaseOnDisk(path = join(temporaryDirectory(), 'skein.db')): Database {
  const database = openDatabase({ path, mode: 'owner' });
  onTestFinished(() => database.close());
  return database;
}
