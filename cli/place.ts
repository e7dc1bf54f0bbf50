import type { Command } from 'commander';
import { activeProfile } from './active-profile.ts';
import type { ExecutionReader } from './execution-reader.ts';
import { lookInto, withDatabaseOption } from './open-database.ts';
import type { ApiClient } from './remote/client.ts';
import type { Surroundings } from './surroundings.ts';

/** For verbs that work on a database of this machine and on a deployment alike. */
export function withPlaceOptions(command: Command, more = ''): Command {
  return withProfileOption(withDatabaseOption(command, more));
}

export function withProfileOption(command: Command): Command {
  return command.option('--profile <name>', 'a deployment, see `skein profile`; `local` is this machine');
}

/** The API of the deployment that the command is about; undefined: it is about this machine. */
export async function deploymentOf(command: Command, surroundings: Surroundings): Promise<ApiClient | undefined> {
  const active = await activeProfile(command, surroundings);
  if (!active) return undefined;
  const { openClient } = await import('./remote/client.ts');
  return openClient(active, surroundings);
}

/** Looks at executions, in the deployment or the database that the command names. */
export async function lookAt<T>(
  command: Command,
  surroundings: Surroundings,
  look: (reader: ExecutionReader) => Promise<T>,
): Promise<T> {
  const client = await deploymentOf(command, surroundings);
  if (!client) return lookInto(command, surroundings, look);
  const { createRemoteReader } = await import('./remote/remote-reader.ts');
  return look(createRemoteReader(client));
}
