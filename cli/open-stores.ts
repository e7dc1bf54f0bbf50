import { resolve } from 'node:path';
import type { Command } from 'commander';
import { NotFoundError } from '../core/errors/index.ts';
import { executionId } from '../core/ids/index.ts';
import type { Plan } from '../core/plan/index.ts';
import type { ExecutionView } from '../core/projections/index.ts';
import type { OwnedStores } from '../local/index.ts';
import type { Surroundings } from './surroundings.ts';

export const DEFAULT_DATABASE = '.skein/skein.db';

/** Stores that can only be looked at. */
export type ReadOnlyStores = Omit<OwnedStores, 'handleSecret'>;

export function withDatabaseOption(command: Command): Command {
  return command.option('--database <path>', 'the database that executions are recorded in', DEFAULT_DATABASE);
}

export function databasePath(command: Command, { directory }: Surroundings): string {
  return resolve(directory, command.opts<{ database: string }>().database);
}

/** Opens the command's database for looking, also while another process runs executions in it, and closes it afterwards. */
export async function lookInto<T>(
  command: Command,
  surroundings: Surroundings,
  look: (stores: ReadOnlyStores) => Promise<T>,
): Promise<T> {
  // Loaded here: a command that needs no database should not wait for SQLite.
  const { openReadOnlyStores } = await import('../local/index.ts');
  const stores = openReadOnlyStores(databasePath(command, surroundings));
  try {
    return await look(stores);
  } finally {
    stores.close();
  }
}

/** The execution and the plan that it follows. Throws NotFoundError. */
export async function getExecution(
  { views, definitions }: ReadOnlyStores,
  id: string,
): Promise<{ view: ExecutionView; plan: Plan }> {
  const view = await views.find(executionId(id));
  const published = view && (await definitions.find(view.workflow, view.version));
  if (!view || !published) throw unknownExecution(id);
  return { view, plan: published.plan };
}

export function unknownExecution(id: string): NotFoundError {
  return new NotFoundError({
    code: 'execution_not_found',
    message: `There is no execution \`${id}\` in this database.`,
    hint: '`skein list` shows those that there are; --database names another database.',
  });
}
