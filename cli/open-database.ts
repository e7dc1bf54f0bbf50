import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { InvalidRequestError, NotFoundError } from '../core/errors/index.ts';
import type { Laptop, LaptopOptions, Reader } from '../local/index.ts';
import type { Surroundings } from './surroundings.ts';

const DEFAULT_DATABASE = '.skein/skein.db';
/** A line that an agent wrote. */
export type AgentLog = Parameters<NonNullable<LaptopOptions['onAgentLog']>>[0];

export const IN_MEMORY = ':memory:';

export function withDatabaseOption(command: Command, more = ''): Command {
  return command.option('--database <path>', `the file that executions are recorded in${more}`, DEFAULT_DATABASE);
}

/** Absolute path of the command's database. Throws InvalidRequestError (`database_in_memory`). */
export function databasePath(command: Command, surroundings: Surroundings): string {
  return databaseOf(command, surroundings) ?? nothingToSee();
}

/** Absolute path of the command's database; undefined for one in memory. */
export function databaseOf(command: Command, { directory }: Surroundings): string | undefined {
  const { database } = command.opts<{ database: string }>();
  return database === IN_MEMORY ? undefined : resolve(directory, database);
}

/** Opens the command's database for looking, also while another process runs executions in it, and closes it afterwards. */
export async function lookInto<T>(
  command: Command,
  surroundings: Surroundings,
  look: (reader: Reader) => Promise<T>,
): Promise<T> {
  // Loaded here: a command that needs no database should not wait for SQLite.
  const { openReader } = await import('../local/index.ts');
  const { reader, close } = openReader(databasePath(command, surroundings));
  try {
    return await look(reader);
  } finally {
    close();
  }
}

function nothingToSee(): never {
  throw new InvalidRequestError({
    code: 'database_in_memory',
    message: 'a database in memory ends with the process that filled it',
    hint: 'give `skein run` a file with --database to look into it later',
    details: { place: `--database ${IN_MEMORY}` },
  });
}

/** For who goes on with an execution: a wrong path must not begin a new database. Throws NotFoundError (`database_not_found`). */
export function requireDatabase(command: Command, surroundings: Surroundings): void {
  const path = databasePath(command, surroundings);
  if (existsSync(path)) return;
  throw new NotFoundError({
    code: 'database_not_found',
    message: `there is no database at ${path}`,
    hint: 'Check the path; the first execution that is started creates the database.',
    details: { path },
  });
}

/** The embedded runtime on the command's database, which this process then owns until it is closed. */
export async function openCommandLaptop(
  command: Command,
  surroundings: Surroundings,
  options: Pick<LaptopOptions, 'pool' | 'onAgentLog'> = {},
): Promise<Laptop> {
  const { openLaptop } = await import('../local/index.ts');
  const database = databaseOf(command, surroundings);
  return openLaptop({ ...options, ...(database !== undefined && { database }) });
}
