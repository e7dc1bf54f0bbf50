// How long the engine takes to decide whether a task may begin: a thousand wait already, and one more comes; a place comes free, and the
// next one gets it; or there is room. Machines and agents are stand-ins that take no time; ledger and engine are the real ones.
// Run: node bench/admission.ts [--json]
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createInProcessEventBus, createSecret, createSystemIds, createTimers } from '../adapters/embedded/index.ts';
import type { ExecutionId, Handle } from '../core/ids/index.ts';
import type { AgentRuntime } from '../core/ports/index.ts';
import { createEngine, type Engine } from '../engine/index.ts';
import { createMemoryStores, openOwnedStores, type OwnedStores } from '../local/index.ts';
import { compileGraph } from './compile-graph.ts';
import { percentile } from './statistics.ts';
import { alignedTable } from './table.ts';

const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } });
const PLACES = 10;
const WAITING = 1_000;
const SAMPLES = 1_000;
/** As in the embedded runtime. */
const MOMENT_MS = 5;

interface Bench {
  readonly engine: Engine;
  /** Calls that no agent has answered, oldest first. */
  readonly calls: Handle[];
  /** Resolves when the next agent is called. */
  readonly nextCall: () => Promise<void>;
  /** An execution of the workflow whose tasks wait for nothing but places. */
  readonly start: (workflow: string) => Promise<(task: number) => Promise<void>>;
  readonly close: () => void;
}

async function openBench(stores: OwnedStores): Promise<Bench> {
  const onError = (error: unknown): void => {
    throw error;
  };
  const { clock } = stores;
  const calls: Handle[] = [];
  let onCall = (): void => undefined;
  let closed = false;
  const agents: AgentRuntime = {
    call: async ({ handle }) => {
      calls.push(handle);
      onCall();
    },
    cancel: async () => undefined,
    capacity: () => undefined,
    outlivesEngine: () => false,
  };
  const ids = createSystemIds({ clock });
  const timers = createTimers({ clock, deliver: (timer) => engine.onTimer(timer), onError, keepAlive: false });
  const engine = createEngine({
    ...{ ...stores, tenant: 'bench', engineId: ids.engineId(), clock, ids, agents, timers, onError },
    machines: { start: async () => undefined, stop: async () => undefined },
    tokens: { succeed: async () => true, fail: async () => true },
    bus: createInProcessEventBus({ onError }),
    later: (run) =>
      void setTimeout(() => {
        if (!closed) run();
      }, MOMENT_MS),
  });
  await publish(stores, 'limited', PLACES);
  await publish(stores, 'free', undefined);
  return {
    ...{ engine, calls },
    nextCall: () => new Promise((resolve) => void (onCall = resolve)),
    start: async (workflow) => dispatcher(engine, await engine.start({ workflow, version: '1', input: {} }), workflow),
    close: () => {
      closed = true;
      timers.close();
      stores.close();
    },
  };
}

async function publish({ definitions }: OwnedStores, name: string, maxParallel?: number): Promise<void> {
  const tasks = Array.from({ length: PLACES + WAITING + SAMPLES }, (_, n) => ({ id: `t${n}`, deps: [], ms: 0 }));
  const { plan, agentTypes } = compileGraph({ tasks, crit: 0 }, maxParallel);
  // The engine reads no machine; only machines do.
  await definitions.publish({ name, version: '1', digest: name, plan, machine: {}, agentTypes, publishedAt: 0 });
}

async function dispatcher(engine: Engine, execution: ExecutionId, workflow: string) {
  await engine.begin({ execution, workflow, version: '1', input: {} });
  return (task: number) => engine.dispatch({ execution, task: `t${task}`, rounds: [], token: `${execution}.${task}` });
}

/** Milliseconds of each, one after the other. */
async function timesOf(work: (n: number) => Promise<unknown>): Promise<readonly number[]> {
  const times: number[] = [];
  for (let n = 0; n < SAMPLES; n += 1) {
    const from = performance.now();
    await work(n);
    times.push(performance.now() - from);
  }
  return times;
}

async function measure(stores: OwnedStores): Promise<{ readonly [what: string]: readonly number[] }> {
  const { engine, calls, nextCall, start, close } = await openBench(stores);
  const ask = await start('limited');
  for (let task = 0; task < PLACES + WAITING; task += 1) await ask(task);
  const refused = await timesOf((n) => ask(PLACES + WAITING + n));
  if (calls.length !== PLACES) throw new Error(`${calls.length} agents work, of ${PLACES} places`);
  const passedOn = await timesOf(async () => {
    const handle = calls.shift();
    if (handle === undefined) throw new Error('nobody works');
    const called = nextCall();
    await Promise.all([engine.answers.complete(handle, {}), called]);
  });
  const askFree = await start('free');
  const admitted = await timesOf((n) => askFree(n));
  close();
  return {
    [`no: ${WAITING} to ${WAITING + SAMPLES} wait already`]: refused,
    'yes: from the question to the call of the agent': admitted,
    'next: from an answer to the call of who has waited longest': passedOn,
  };
}

const directory = mkdtempSync(join(tmpdir(), 'skein-bench-'));
await measure(createMemoryStores(createSecret()));
const measured = {
  memory: await measure(createMemoryStores(createSecret())),
  disk: await measure(await openOwnedStores(join(directory, 'bench.db'), createSecret)),
};
rmSync(directory, { recursive: true });

const rows = Object.entries(measured).flatMap(([recorded, decisions]) =>
  Object.entries(decisions).map(([decision, times]) => {
    const at = (share: number) => percentile(times, share);
    return { decision, recorded, p50: at(0.5), p99: at(0.99), slowest: at(1) };
  }),
);
if (values.json) console.log(JSON.stringify(rows));
else {
  const line = ({ decision, recorded, p50, p99, slowest }: (typeof rows)[number]) => [
    ...[decision, recorded],
    ...[p50, p99, slowest].map((ms) => ms.toFixed(3)),
  ];
  console.log(
    `Milliseconds to decide whether a task may begin, of ${SAMPLES}, one after the other; the design asks for a p99 below 1.`,
  );
  console.log(
    'On disk an agent is called once its call is durable: a wait for the disk is in "yes", two are in "next".',
  );
  console.log(alignedTable([['may it begin?', 'recorded', 'p50', 'p99', 'slowest'], ...rows.map(line)]));
}
