import type { Command } from 'commander';
import { executionId, taskPath } from '../core/ids/index.ts';
import { databasePath, lookInto, requireDatabase } from './open-database.ts';
import { withWayTo } from './owned-database.ts';
import { personOf } from './person.ts';
import type { ListedCompensation, Said } from './remote/compensations.ts';
import type { Surroundings } from './surroundings.ts';

/** Of an execution in the command's database, also while another process runs it. */
export async function listCompensationsHere(
  command: Command,
  surroundings: Surroundings,
  execution: string,
): Promise<readonly ListedCompensation[]> {
  const found = await lookInto(command, surroundings, (reader) => reader.compensations(executionId(execution)));
  return found.map(({ error, may, ...rest }) => ({
    ...rest,
    ...(error && { error: { name: error.name, message: error.message } }),
    may: [...may],
  }));
}

/** Whoever can write the database may. */
export async function resolveCompensationHere(
  command: Command,
  surroundings: Surroundings,
  execution: string,
  { task, action, reason }: Said,
): Promise<void> {
  requireDatabase(command, surroundings);
  const { resolveCompensationOf } = await import('../local/index.ts');
  const asked = { task: taskPath(task), as: action, by: personOf(surroundings), reason };
  const resolving = resolveCompensationOf(databasePath(command, surroundings), executionId(execution), asked);
  await resolving.catch(withWayTo('use its API, or try again when it has ended'));
}
