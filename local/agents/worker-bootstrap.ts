// What runs inside a worker process: one call at a time, each in an async context of its own, so that whatever it leaves
// behind (a forgotten timer, a rejected promise) is never blamed on the call after it.
import { AsyncLocalStorage } from 'node:async_hooks';
import { enableCompileCache } from 'node:module';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { AgentContext, AgentFunction } from '../../core/agents/index.ts';
import { answerText, createUsageMeter, taskErrorOf } from '../../core/answers/index.ts';
import type { LogSource } from './agent-log.ts';
import type { FromWorker, ToWorker, WorkerCall } from './worker-protocol.ts';

/** Lines and characters of one call that are passed on: an agent that prints in a loop must not fill the engine's memory. */
const MOST_LINES = 10_000;
const LONGEST_LINE = 8000;

interface LiveCall {
  readonly id: number;
  readonly controller: AbortController;
  lines: number;
}

const calls = new AsyncLocalStorage<LiveCall>();
let live: LiveCall | undefined;

const maxAnswerBytes = Number(process.argv[2]);

// Agents bring large libraries along; compiled once, each further worker starts in half the time.
enableCompileCache();

function post(message: FromWorker): void {
  process.send?.(message);
}

process.on('message', (message: ToWorker) => {
  if (message.kind === 'abort') abort(message.id, message.why);
  else void run(message);
});

// The engine is dead: nobody hears the answer, and a resumed engine calls again.
process.on('disconnect', () => process.exit());
// An agent that blocks would not hear of it, and would work on for nobody: a thread of its own watches the parent.
new Worker(
  `const parent = process.ppid; setInterval(() => { if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL'); }, 1000);`,
  { eval: true },
).unref();
// Ctrl-C in a terminal goes to all its processes: the engine decides what becomes of its agents.
process.on('SIGINT', () => undefined);

async function run(call: WorkerCall): Promise<void> {
  const mine: LiveCall = { id: call.id, controller: new AbortController(), lines: 0 };
  live = mine;
  await calls.run(mine, async () => {
    try {
      const agent = await load(call.module);
      const answer = await ask(agent, call, mine);
      end(mine, { kind: 'answered', id: call.id, text: answerText(answer, maxAnswerBytes) });
    } catch (error) {
      end(mine, { kind: 'failed', id: call.id, error: taskErrorOf(error) });
    }
  });
}

async function ask(agent: AgentFunction, call: WorkerCall, mine: LiveCall): Promise<unknown> {
  try {
    return await agent(call.task, contextOf(call, mine));
  } catch (error) {
    // The ledger keeps name and message; the place in the author's code is for the author's eyes.
    if (error instanceof Error && error.stack !== undefined) log('stderr', authorsStack(error.stack));
    throw error;
  }
}

function authorsStack(stack: string): string {
  const lines = stack.split('\n');
  return lines.filter((line) => !line.includes(import.meta.url)).join('\n');
}

/** One answer for each call: what comes after a crash was reported is dropped. */
function end(call: LiveCall, message: FromWorker): void {
  if (live !== call) return;
  live = undefined;
  post(message);
}

async function load(module: string): Promise<AgentFunction> {
  let loaded: { readonly default?: unknown };
  try {
    loaded = (await import(pathToFileURL(module).href)) as typeof loaded;
  } catch (error) {
    // A module that failed to load fails again at once in this worker: the next attempt needs a new one.
    post({ kind: 'unfit', why: `${module} could not be loaded` });
    throw unavailable(`${module} cannot be loaded: ${taskErrorOf(error).message}`, error);
  }
  if (typeof loaded.default === 'function') return loaded.default as AgentFunction;
  const found = 'default' in loaded ? `its default export is ${typeof loaded.default}` : 'it has no default export';
  throw unavailable(`${module} is no agent: ${found}, not a function.`);
}

/** Another attempt would find the same file; but what went wrong while the module ran may go well the next time. */
function unavailable(message: string, cause?: unknown): Error {
  const ranAndThrew = cause !== undefined && !(cause instanceof SyntaxError) && !isNodeError(cause);
  return Object.assign(new Error(message), { name: 'AgentUnavailable', ...(!ranAndThrew && { retryable: false }) });
}

/** ERR_MODULE_NOT_FOUND, ERR_INVALID_TYPESCRIPT_SYNTAX, … */
function isNodeError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_');
}

function contextOf({ id, context }: WorkerCall, { controller }: LiveCall): AgentContext {
  const meter = createUsageMeter(
    (message) => log('log', message),
    (total) => post({ kind: 'usage', id, total }),
  );
  return {
    ...context,
    signal: controller.signal,
    heartbeat: () => post({ kind: 'heartbeat', id }),
    usage: (used) => meter.add(used),
    log: (message) => log('log', message),
  };
}

function abort(id: number, why: string): void {
  if (live?.id === id) live.controller.abort(Object.assign(new Error(why), { name: 'AbortError' }));
}

function log(source: LogSource, text: string): void {
  const call = calls.getStore() ?? live;
  if (!call) return;
  for (const line of text.replace(/\n$/, '').split('\n')) {
    call.lines += 1;
    if (call.lines > MOST_LINES) return;
    const rest = call.lines === MOST_LINES ? 'Further output of this attempt is dropped.' : line.slice(0, LONGEST_LINE);
    post({ kind: 'log', id: call.id, source, text: rest });
  }
}

function crash(error: unknown): void {
  const { name, message } = taskErrorOf(error);
  const what = `uncaught ${name}: ${message}`;
  const call = calls.getStore();
  post({ kind: 'unfit', why: what });
  if (call && call === live) end(call, { kind: 'failed', id: call.id, error: { name: 'AgentCrashed', message: what } });
}

process.on('uncaughtException', crash);
process.on('unhandledRejection', crash);

/** `console` and everything else that prints goes through these two. */
for (const source of ['stdout', 'stderr'] as const) {
  process[source].write = (chunk: unknown, ...rest: unknown[]): boolean => {
    log(source, typeof chunk === 'string' ? chunk : Buffer.from(chunk as Uint8Array).toString());
    const written = rest.at(-1);
    if (typeof written === 'function') queueMicrotask(written as () => void);
    return true;
  };
}

post({ kind: 'ready' });
