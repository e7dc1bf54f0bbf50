import { execFileSync, fork, spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BenchGraph } from '../graphs.ts';
import type { ProgramReply } from './program-protocol.ts';

/** Milliseconds. */
const limits = { start: 60_000, run: 180_000, stop: 10_000 };

const alive = new Set<ChildProcess>();
const directories = new Set<string>();

/** Nothing that was started or stored outlives the bench, however it ends. */
process.on('exit', () => {
  for (const child of alive) child.kill('SIGKILL');
  for (const directory of directories) removeDirectory(directory);
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));

export interface StartedProcess {
  readonly pid: number;
  readonly stop: () => Promise<void>;
}

export interface ServerOrder {
  readonly command: string;
  readonly args: readonly string[];
  /** Where it works, and where what it says is kept. */
  readonly directory: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Of the user that runs it, when that is not the bench's own. */
  readonly userId?: number;
  /** Asked until it says yes; hears what the server said so far. */
  readonly isReady: (log: string) => Promise<boolean> | boolean;
}

/** Starts a server and waits until it is ready. Throws with its last words when it ends before, or takes a minute. */
export async function startServer(order: ServerOrder): Promise<StartedProcess> {
  const logPath = join(order.directory, 'server.log');
  const log = openSync(logPath, 'w');
  const child = spawn(order.command, order.args, {
    cwd: order.directory,
    env: { ...process.env, ...order.environment },
    stdio: ['ignore', log, log],
    ...(order.userId !== undefined && { uid: order.userId, gid: order.userId }),
  });
  closeSync(log);
  const started = keep(child);
  const deadline = performance.now() + limits.start;
  while (!(await order.isReady(readFileSync(logPath, 'utf8')))) {
    if (child.exitCode === null && performance.now() < deadline) await sleep(50);
    else {
      await started.stop();
      throw new Error(`${order.command} did not start: ${readFileSync(logPath, 'utf8').slice(-1_000)}`);
    }
  }
  return started;
}

export interface StartedProgram extends StartedProcess {
  readonly run: (graph: BenchGraph) => Promise<number>;
}

/** Starts a Node program that speaks `program-protocol.ts`. */
export async function startProgram(file: string, settings: Readonly<Record<string, string>>): Promise<StartedProgram> {
  const child = fork(file, [JSON.stringify(settings)], { execArgv: [], stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => (said = `${said}${chunk.toString()}`.slice(-1_000)));
  const started = keep(child);
  const first = await replyOf(child, limits.start).catch((error: unknown) => ({ problem: String(error) }));
  if (!('ready' in first)) {
    await started.stop();
    throw new Error(`${file} did not start: ${JSON.stringify(first)} ${said}`);
  }
  const run = async (graph: BenchGraph): Promise<number> => {
    child.send(graph);
    const reply = await replyOf(child, limits.run);
    if ('ms' in reply) return reply.ms;
    throw new Error('problem' in reply ? reply.problem : 'started twice');
  };
  return { ...started, run };
}

function replyOf(child: ChildProcess, limit: number): Promise<ProgramReply> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => settle(() => reject(new Error(`no answer within ${limit} ms`))), limit);
    const onMessage = (reply: ProgramReply): void => settle(() => resolve(reply));
    const onExit = (code: number | null): void => settle(() => reject(new Error(`the program ended with ${code}`)));
    const settle = (finish: () => void): void => {
      clearTimeout(timer);
      child.off('message', onMessage).off('exit', onExit);
      finish();
    };
    child.on('message', onMessage).on('exit', onExit);
  });
}

function keep(child: ChildProcess): StartedProcess {
  alive.add(child);
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  }).then(() => void alive.delete(child));
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    const insist = setTimeout(() => child.kill('SIGKILL'), limits.stop);
    await ended;
    clearTimeout(insist);
  };
  return { pid: child.pid ?? 0, stop };
}

/** A fresh folder below the system's temporary one. */
export function makeDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'skein-peers-'));
  directories.add(directory);
  return directory;
}

/** Tries again for a while: a process that was just killed may still write. */
export function removeDirectory(directory: string): void {
  rmSync(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  directories.delete(directory);
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export async function answersHttp(url: string): Promise<boolean> {
  return fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );
}

/** What a short program prints. Throws with what it said on its way to failing. */
export function outputOf(
  command: string,
  args: readonly string[],
  options: { cwd?: string; uid?: number } = {},
): string {
  const { cwd, uid } = options;
  return execFileSync(command, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(cwd !== undefined && { cwd }),
    ...(uid !== undefined && { uid, gid: uid }),
  });
}
