import { join } from 'node:path';
import { installGoProgram, installPeer, megabytesOf } from './install.ts';
import { startTogether, type Peer } from './peer.ts';
import { freePort, makeDirectory, outputOf, removeDirectory, startProgram, startServer } from './processes.ts';
import { pinned } from './versions.ts';

const packages = pinned('@temporalio/activity', '@temporalio/client', '@temporalio/worker', '@temporalio/workflow');
const [module = ''] = pinned('github.com/temporalio/cli');
/** Where the program is below the module. */
const program = module.replace('@', '/cmd/temporal@');

export const temporal: Peer = {
  name: 'temporal',
  title: 'Temporal',
  versions: [module, ...packages],
  modes: [
    { name: 'activities', title: "activities in the SDK's process, by dependency" },
    { name: 'local', title: "local activities in the SDK's process, by dependency" },
  ],
  guarantee:
    "an activity's result is durable when the server has written it to the history, before its dependents start; a local activity's only with its workflow task, which may be after. " +
    'Here it is the development server on SQLite (write-ahead log, synchronous=FULL), not meant for production; its limit of 20 polls a second, at which a chain waits, is raised',
  install: async (cache) => {
    const afterwards = (folder: string) => installGoProgram(folder, program);
    const folder = await installPeer(cache, temporal, { npm: packages, afterwards });
    return { folder, megabytes: megabytesOf(join(folder, 'node_modules'), join(folder, 'bin')) };
  },
  start: ({ folder, mode }) =>
    startTogether(async (atEnd) => {
      const directory = makeDirectory();
      atEnd(() => removeDirectory(directory));
      const port = await freePort();
      const address = `127.0.0.1:${port}`;
      const command = join(folder, 'bin/temporal');
      const server = await startServer({
        command,
        args: [...serverArguments, '--port', `${port}`, '--db-filename', join(directory, 'temporal.db')],
        directory,
        isReady: () => succeeds(command, ['operator', 'namespace', 'describe', 'default', '--address', address]),
      });
      atEnd(server.stop);
      const client = await startProgram(join(folder, 'bench/programs/temporal.mjs'), { address, mode });
      atEnd(client.stop);
      return { pids: [server.pid, client.pid], run: client.run };
    }),
};

const serverArguments = [
  ...['server', 'start-dev', '--headless', '--ip', '127.0.0.1', '--log-level', 'error'],
  ...['--sqlite-pragma', 'journal_mode=WAL', '--sqlite-pragma', 'synchronous=FULL'],
  // By default 20: a task of a chain then takes 100 ms, because each of its two hops waits for a poll.
  ...['--dynamic-config-value', 'history.transferProcessorMaxPollRPS=10000'],
];

function succeeds(command: string, args: readonly string[]): boolean {
  try {
    outputOf(command, args);
    return true;
  } catch {
    return false;
  }
}
