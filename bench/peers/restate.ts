import { join } from 'node:path';
import { installPeer, megabytesOf } from './install.ts';
import { startTogether, type Peer, type StartOrder } from './peer.ts';
import { answersHttp, freePort, makeDirectory, removeDirectory, startProgram, startServer } from './processes.ts';
import { pinned } from './versions.ts';

const packages = pinned('@restatedev/restate-server', '@restatedev/restate-sdk', '@restatedev/restate-sdk-clients');

export const restate: Peer = {
  name: 'restate',
  title: 'Restate',
  versions: packages,
  modes: [
    { name: 'layers', title: "ctx.run in the SDK's process, layer by layer" },
    { name: 'dependencies', title: "ctx.run in the SDK's process, by dependency" },
    { name: 'calls', title: 'a service call for each task, by dependency' },
  ],
  guarantee:
    "a step's result is durable when the server has appended it to its log (RocksDB, write-ahead log with fsync, one replica); only then does the handler go on",
  install: async (cache) => {
    const folder = await installPeer(cache, restate, { npm: packages });
    return { folder, megabytes: megabytesOf(join(folder, 'node_modules')) };
  },
  start: (order) => start(order),
};

const start = ({ folder, mode }: StartOrder) =>
  startTogether(async (atEnd) => {
    const directory = makeDirectory();
    atEnd(() => removeDirectory(directory));
    const [adminPort, ingressPort, nodePort, servicePort] = await Promise.all([1, 2, 3, 4].map(freePort));
    const server = await startServer({
      command: join(
        folder,
        `node_modules/@restatedev/restate-server-${process.platform}-${process.arch}/bin/restate-server`,
      ),
      args: ['--no-logo'],
      directory,
      environment: {
        RESTATE_BASE_DIR: join(directory, 'data'),
        RESTATE_BIND_IP: '127.0.0.1',
        RESTATE_LISTEN_MODE: 'tcp',
        RESTATE_BIND_PORT: `${nodePort}`,
        RESTATE_ADMIN__BIND_PORT: `${adminPort}`,
        RESTATE_INGRESS__BIND_PORT: `${ingressPort}`,
        RESTATE_DISABLE_TELEMETRY: 'true',
      },
      isReady: async () =>
        (await answersHttp(`http://127.0.0.1:${adminPort}/health`)) &&
        (await answersHttp(`http://127.0.0.1:${ingressPort}/restate/health`)),
    });
    atEnd(server.stop);
    const settings = { adminPort: `${adminPort}`, ingressPort: `${ingressPort}`, servicePort: `${servicePort}`, mode };
    const program = await startProgram(join(folder, 'bench/programs/restate.mjs'), settings);
    atEnd(program.stop);
    return { pids: [server.pid, program.pid], run: program.run };
  });
