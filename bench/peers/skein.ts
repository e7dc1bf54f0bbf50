import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { megabytesOf } from './install.ts';
import { startTogether, type Peer } from './peer.ts';
import { makeDirectory, removeDirectory, startProgram } from './processes.ts';

const checkout = fileURLToPath(new URL('../../', import.meta.url));
const rooms = ['adapters', 'api', 'cli', 'core', 'engine', 'local', 'statemachines'];

export const skein: Peer = {
  name: 'skein',
  title: 'Skein',
  versions: [
    `skein@${(JSON.parse(readFileSync(join(checkout, 'package.json'), 'utf8')) as { version: string }).version}`,
  ],
  modes: [
    { name: 'workers', title: 'agents in processes of their own' },
    { name: 'in-process', title: "agents in the engine's process" },
  ],
  guarantee:
    'no agent is called, and nobody is told of a result, before the disk has it (fdatasync); tasks that end at about the same time share one wait',
  install: async () => ({ folder: checkout, megabytes: megabytesOf(...installedFolders()) }),
  start: ({ mode, slots }) =>
    startTogether(async (atEnd) => {
      const directory = makeDirectory();
      atEnd(() => removeDirectory(directory));
      const file = fileURLToPath(new URL('./programs/skein.ts', import.meta.url));
      const program = await startProgram(file, { directory, mode, slots: `${slots}` });
      atEnd(program.stop);
      return { pids: [program.pid], run: program.run };
    }),
};

/** The rooms that run, and the packages they need; without Node.js, which the peers need as well. */
function installedFolders(): string[] {
  const listing = ['ls', '--omit=dev', '--omit=optional', '--all', '--parseable'];
  const packages = execFileSync('npm', listing, {
    cwd: checkout,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return [...rooms.map((room) => join(checkout, room)), ...packages.trim().split('\n').slice(1)];
}
