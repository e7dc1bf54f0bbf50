import { createSeededIds } from '../adapters/embedded/index.ts';
import type { CompiledWorkflow } from '../compiler/index.ts';
import { InvariantError, UnavailableError } from '../core/errors/index.ts';
import type { SkeinEvent } from '../core/execution/index.ts';
import type { Json } from '../core/json/index.ts';
import type {
  AgentCall,
  AgentRuntime,
  Clock,
  LedgerStore,
  LedgerWrite,
  Timers,
  ViewStore,
} from '../core/ports/index.ts';
import type { MachineFunction } from '../engine/index.ts';
import { answerMachine } from '../functions/answer-machine.ts';
import { fireTimer } from '../functions/fire-timer/fire-timer.ts';
import { createProjection } from '../functions/project-view/project-changes.ts';
import type { Runtime } from '../functions/runtime.ts';
import { sweepTenant } from '../functions/sweep/sweep-tenant.ts';
import { createMemoryStores, publishForRun, type SimulatedTime, type Stores } from '../local/index.ts';
import { createContainer, TENANT, type Container, type Services } from './container.ts';
import { deedsBeforeDeath, Died } from './lives.ts';
import { createMessages, type Messages } from './messages.ts';
import type { Nemesis } from './nemesis.ts';
import { createSimulatedMachines, type SimulatedMachines } from './simulated-machines.ts';
import { changesOf, groupsOf } from './stream.ts';
import type { Trace } from './trace.ts';

export interface SimulatedDeployment {
  readonly stores: Stores;
  readonly machines: SimulatedMachines;
  readonly messages: Messages;
  readonly finds: readonly string[];
  /** An invocation by somebody who repeats it until it is answered. */
  ask<Answer>(called: string, what: (runtime: Runtime) => Promise<Answer>): Promise<Answer>;
  publish(compiled: CompiledWorkflow): Promise<{ readonly workflow: string; readonly version: string }>;
}

export interface DeploymentOptions {
  readonly seed: number;
  readonly time: SimulatedTime;
  readonly nemesis: Nemesis;
  readonly trace: Trace;
  /** A call has come to its agent. */
  readonly onCall: (call: AgentCall) => void;
  readonly onStop: (handle: string) => void;
  readonly onCommit: (writes: readonly LedgerWrite[], events: readonly SkeinEvent[]) => void;
}

const called: Readonly<Record<string, MachineFunction>> = {
  begin: 'begin',
  'dispatch-task': 'dispatch',
  conclude: 'conclude',
};
/** Milliseconds that the stream takes, and until a batch that has failed comes again. */
const STREAM_DELAY = 200;
const BATCH_AGAIN = 1_000;
const SWEEP_EVERY = 60_000;
/** Milliseconds that a message of SQS can wait; one that is due later is sent on. */
const LONGEST_DELAY = 900_000;

interface Parts extends Pick<DeploymentOptions, 'time' | 'nemesis' | 'trace'> {
  readonly host: Host;
  readonly messages: Messages;
  readonly finds: string[];
}

/** All functions of the engine with their services around them, in one process and in simulated time. */
export function createSimulatedDeployment(options: DeploymentOptions): SimulatedDeployment {
  const { seed, time, nemesis, trace } = options;
  const stores = createMemoryStores(`secret of seed ${seed}`);
  const ids = createSeededIds(seed);
  const host = createHost(nemesis, trace, () => createContainer(services));
  const messages = createMessages({ time, nemesis, trace, invoke: (called, run) => host.invoke(called, run) });
  const parts: Parts = { time, nemesis, trace, host, messages, finds: [] };
  const machines = createSimulatedMachines({
    clock: time.clock,
    // Lambda's clock knows whole milliseconds, the jitter of retries does not.
    schedule: (at, run) => time.schedule(Math.ceil(at), run),
    random: () => ids.random(),
    definitions: stores.definitions,
    invoke: callerOf(parts),
    onEnd: (execution, status) => trace.add('machine', status, execution),
  });
  const endless = createEndlessWatch();
  const services: Services = {
    stores,
    ledger: streaming(stores.ledger, (writes) => {
      endless.hear(time.clock.now());
      const events = writes.flatMap((write) => (write.kind === 'event' ? [write.event] : []));
      options.onCommit(writes, events);
      for (const { type, execution, path } of events) trace.add('event', type, execution, path);
      messages.carry('stream', STREAM_DELAY, () => takeBatch(parts, writes));
    }),
    views: lagging(stores.views, nemesis),
    runner: machines.runner,
    tokens: machines.tokens,
    timersAt: (clock) => timersOf(messages, clock),
    agents: agentsOf(parts, options),
    clock: time.clock,
    ids: { ...ids, engineId: () => 'eng_simulated' },
    nemesis,
  };
  time.schedule(time.clock.now() + SWEEP_EVERY, () => sweep(parts));
  return {
    stores,
    machines,
    messages,
    finds: parts.finds,
    ask: (who, what) => askUntilAnswered(host, who, what),
    publish: (compiled) => publishForRun(stores.definitions, compiled, { tenant: TENANT, now: time.clock.now() }),
  };
}

function timersOf(messages: Messages, clock: Clock): Timers {
  return {
    schedule: async (timer, at) => {
      const message = { v: 1, tenant: TENANT, timer, at } as const;
      const delay = Math.min(LONGEST_DELAY, Math.max(0, at - clock.now()));
      messages.send(`timer ${timer.kind}`, delay, (runtime) => fireTimer(runtime, message));
    },
  };
}

function agentsOf({ messages, trace }: Parts, { onCall, onStop }: DeploymentOptions): AgentRuntime {
  return {
    call: async (call) =>
      messages.carry('agent call', 0, () => {
        trace.add('agent', call.execution, call.path, call.attempt);
        onCall(call);
      }),
    cancel: async (handle) => messages.carry('agent stop', 0, () => onStop(handle)),
    capacity: () => undefined,
    outlivesEngine: () => true,
  };
}

/** What machines call. A call may never come, or its answer; Lambda may also run an event twice, and nobody waits for the second time. */
function callerOf({ host, nemesis }: Parts) {
  return async (functionName: string, payload: Json): Promise<Json> => {
    const name = called[functionName];
    if (!name)
      throw new InvariantError({ code: 'unknown_function', message: `No function is called ${functionName}.` });
    const run = () => host.invoke(name, (runtime) => answerMachine(runtime, name)(payload));
    if (nemesis.strikes('call_lost', `before ${name}`)) throw lambdaFailed();
    if (nemesis.strikes('message_twice', `call of ${name}`)) void run().catch(() => undefined);
    try {
      await run();
    } catch (error) {
      throw error instanceof Died ? lambdaFailed() : error;
    }
    if (nemesis.strikes('call_lost', `after ${name}`)) throw lambdaFailed();
    return {};
  };
}

function takeBatch(parts: Parts, writes: readonly LedgerWrite[]): void {
  const { nemesis, host, time } = parts;
  const changes = changesOf(writes);
  const part = nemesis.strikes('partial_batch', 'stream');
  const taken = part ? changes.slice(0, Math.floor(part.amount * changes.length)) : changes;
  const work = host.invoke('project', async (runtime) => {
    const bus = { publish: async () => undefined };
    const project = createProjection({ runtime, bus, requests, source: 'skein.simulated' });
    await Promise.all(groupsOf(taken).map(project));
    if (part) throw new Error('the rest of the batch failed');
  });
  work.catch(() => void time.schedule(time.clock.now() + BATCH_AGAIN, () => takeBatch(parts, writes)));
}

function sweep(parts: Parts): void {
  const { time, host, trace, finds } = parts;
  time.schedule(time.clock.now() + SWEEP_EVERY, () => sweep(parts));
  const sweeping = host.invoke('sweep', async (runtime) => {
    const found = await sweepTenant({ runtime, requests }, TENANT);
    for (const find of found) trace.add('sweeper', find);
    finds.push(...found);
  });
  // The next sweep looks at the same.
  sweeping.catch(() => undefined);
}

async function askUntilAnswered<Answer>(host: Host, who: string, what: (runtime: Runtime) => Promise<Answer>) {
  for (;;) {
    try {
      return await host.invoke(who, what);
    } catch (error) {
      if (!(error instanceof Died) && !(error instanceof UnavailableError)) throw error;
    }
  }
}

/** Versions have their machines from the moment that they are published. */
const requests = { send: async () => undefined };

interface Host {
  /** Rejects with Died when the function has died, whatever it would have answered. */
  invoke<Answer>(name: string, run: (runtime: Runtime) => Promise<Answer>): Promise<Answer>;
}

/** Runs functions, each in a container that has nothing to do; one that has died is never used again. */
function createHost(nemesis: Nemesis, trace: Trace, create: () => Container): Host {
  const idle: Container[] = [];
  return {
    async invoke(name, run) {
      const container = idle.pop() ?? create();
      const { life, runtime } = container;
      life.deeds = deedsBeforeDeath(nemesis, name);
      try {
        const answer = await run(runtime);
        await runtime.background.settled();
        if (life.isDead) throw new Died(`${name} has died`);
        return answer;
      } finally {
        // What it still does does nothing.
        await runtime.background.settled();
        if (life.isDead) trace.add('death', name);
        else idle.push(container);
      }
    },
  };
}

/** The ledger, whose commits somebody hears of. */
function streaming(ledger: LedgerStore, hear: (writes: readonly LedgerWrite[]) => void): LedgerStore {
  return {
    ...ledger,
    async commit(writes) {
      const result = await ledger.commit(writes);
      if (result === 'committed') hear(writes);
      return result;
    },
  };
}

/** Views, of which the one that has folded more stays; their lists are an index's, which may not know of the last changes yet. */
function lagging(views: ViewStore, nemesis: Nemesis): ViewStore {
  const before = new Map<string, Awaited<ReturnType<ViewStore['list']>>>();
  return {
    ...views,
    async put(view) {
      const stored = await views.find(view.execution);
      if (!stored || stored.events <= view.events) await views.put(view);
    },
    async list(filter) {
      const key = JSON.stringify(filter);
      const known = before.get(key) ?? [];
      const now = await views.list(filter);
      before.set(key, now);
      return nemesis.strikes('stale_list', 'views') ? known : now;
    },
  };
}

function lambdaFailed(): Error {
  return Object.assign(new Error('the function died'), { name: 'Lambda.Unknown' });
}

/** Commits of one simulated moment after which whoever makes them gets nowhere. */
const ENDLESS = 50_000;

/** Stops those who work on and on while no time passes: in simulated time nothing else would. */
function createEndlessWatch(): { hear(now: number): void } {
  let moment = 0;
  let commits = 0;
  return {
    hear(now) {
      commits = now === moment ? commits + 1 : 1;
      moment = now;
      if (commits < ENDLESS) return;
      throw new InvariantError({ code: 'no_progress', message: `${ENDLESS} commits, and no time has passed.` });
    },
  };
}
