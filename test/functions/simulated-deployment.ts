import type { LambdaClient } from '@aws-sdk/client-lambda';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import {
  createMachineNames,
  createSqsMachineRequests,
  createStepFunctionsMachines,
  timerMessage,
  type PublishedEvent,
  type RunnableMachines,
} from '../../adapters/aws/index.ts';
import {
  createMemoryAgentTypeStore,
  createMemoryApiKeyStore,
  createMemoryIdempotencyStore,
  createSeededIds,
} from '../../adapters/embedded/index.ts';
import { publishCompiled, type CompiledWorkflow } from '../../compiler/index.ts';
import type { AgentType, LambdaAgentCall } from '../../core/agents/index.ts';
import type { SkeinEvent } from '../../core/execution/index.ts';
import { parseJson, type Json } from '../../core/json/index.ts';
import type { Ids, LedgerStore } from '../../core/ports/index.ts';
import type { MachineFunction } from '../../engine/index.ts';
import { answerMachine } from '../../functions/answer-machine.ts';
import { makeMachines, type MachinePress, type VersionOf } from '../../functions/compile-workflow/make-machines.ts';
import { createEngineRuntime, type EngineWorld } from '../../functions/engine-runtime.ts';
import { fireTimer } from '../../functions/fire-timer/fire-timer.ts';
import { createProjection } from '../../functions/project-view/project-changes.ts';
import { takeBatch } from '../../functions/project-view/take-batch.ts';
import { readMessage } from '../../functions/read-message.ts';
import type { Runtime, TenantStores } from '../../functions/runtime.ts';
import { settleRecord } from '../../functions/settle-task/settle-record.ts';
import { sweepTenant } from '../../functions/sweep/sweep-tenant.ts';
import { createMemoryStores, type Stores } from '../../local/index.ts';
import { streamRecordsOf, type StreamRecord } from '../adapters/aws/stream-records.ts';
import { createFakeStepFunctions, type FakeStepFunctions } from '../local/fake-step-functions.ts';
import type { SimulatedWorld } from '../makers/simulated-world.ts';
import { createMortals, mortal, type Mortals } from './mortals.ts';
import { createWeather, type Storm, type Weather } from './weather.ts';

export const TENANT = 'acme';

/** What one call of an agent's function leads to, by Lambda's own words: records for the answer queue, each after some milliseconds. */
export type Agent = (
  payload: Json,
  deployment: SimulatedDeployment,
) => readonly { readonly after: number; readonly record: Json }[];

/** All functions of the engine, wired as on AWS, with fakes of its services around them; and the same stores for all of them. */
export interface SimulatedDeployment {
  readonly stores: Stores;
  readonly stepFunctions: FakeStepFunctions;
  readonly weather: Weather;
  readonly mortals: Mortals;
  /** Events as whoever listens to the bus heard them. */
  readonly published: PublishedEvent[];
  readonly finds: string[];
  /** Messages that were tried too often. */
  readonly deadLetters: string[];
  /** An invocation of the API: it may die, and is then repeated by its caller until it is answered. */
  ask<Answer>(what: (runtime: Runtime) => Promise<Answer>): Promise<Answer>;
  publish(compiled: CompiledWorkflow): Promise<void>;
  isBusy(): boolean;
}

export interface DeploymentOptions {
  readonly world: SimulatedWorld;
  readonly storm: Storm;
  readonly agent: Agent;
  /** Hears of commits, in their order. */
  readonly onEvents: (events: readonly SkeinEvent[]) => void;
}

const QUEUES = { timers: 'https://sqs/timers', answers: 'https://sqs/answers', machines: 'https://sqs/machines.fifo' };
const functions = { begin: 'arn:begin', dispatch: 'arn:dispatch', conclude: 'arn:conclude' };
const called: Readonly<Record<string, MachineFunction>> = {
  [functions.begin]: 'begin',
  [functions.dispatch]: 'dispatch',
  [functions.conclude]: 'conclude',
};
/** Milliseconds after which a message that was received and not deleted comes again; and how often it does. */
const VISIBILITY = 60_000;
const RECEIVES = 5;
const SWEEP_EVERY = 60_000;

export function createSimulatedDeployment({ world, storm, agent, onEvents }: DeploymentOptions): SimulatedDeployment {
  const weather = createWeather(storm, world.schedule, () => world.clock.now());
  const mortals = createMortals(() =>
    weather.chance() < storm.deaths && !calm ? Math.floor(weather.chance() * 15) : Infinity,
  );
  let calm = false;
  const memory = createMemoryStores('secret-of-all-handles-of-this-test');
  const ids = createSeededIds(storm.seed);
  let active = 0;
  const finds: string[] = [];
  const published: PublishedEvent[] = [];
  const deadLetters: string[] = [];

  /** Containers that have nothing to do; one that has died is not among them. */
  const idle: Runtime[] = [];
  async function invoke<Answer>(handle: (runtime: Runtime) => Promise<Answer>): Promise<Answer> {
    active += 1;
    const runtime = idle.pop() ?? createEngineRuntime(engineWorld);
    try {
      const answer = await mortals.invoke(async () => {
        try {
          return await handle(runtime);
        } finally {
          await runtime.background.settled();
        }
      });
      idle.push(runtime);
      return answer;
    } finally {
      active -= 1;
    }
  }

  function receive(body: string, take: (runtime: Runtime) => Promise<void>, tries = 1): void {
    invoke(take).catch(() => {
      if (tries === RECEIVES) deadLetters.push(body);
      else world.schedule(world.clock.now() + VISIBILITY, () => receive(body, take, tries + 1));
    });
  }
  const consumers: Readonly<Record<string, (body: string) => (runtime: Runtime) => Promise<void>>> = {
    [QUEUES.timers]: (body) => (runtime) => fireTimer(runtime, readMessage(timerMessage, body)),
    [QUEUES.answers]: (body) => (runtime) => settleRecord(runtime, body),
    // A message of ours, written by createSqsMachineRequests.
    [QUEUES.machines]: (body) => async () => {
      await makeMachines(press, parseJson(body) as unknown as VersionOf);
    },
  };
  const enqueue = (url: string, body: string, delay: number): void => {
    weather.carry(delay, () => {
      const consumer = consumers[url];
      if (!consumer) throw new Error(`nobody takes from ${url}`);
      receive(body, consumer(body));
    });
  };
  const queues = clientOf<SQSClient>((command) => {
    if (!(command instanceof SendMessageCommand)) throw new Error('the fake SQS knows no such command');
    const { QueueUrl = '', MessageBody = '', DelaySeconds = 0 } = command.input;
    enqueue(QueueUrl, MessageBody, DelaySeconds * 1000);
    return {};
  });
  const lambda = clientOf<LambdaClient>((command) => {
    if (!(command instanceof InvokeCommand)) throw new Error('the fake Lambda knows no such command');
    const payload = parseJson(Buffer.from(command.input.Payload as Uint8Array).toString());
    weather.carry(0, () => {
      for (const { after, record } of agent(payload, deployment))
        enqueue(QUEUES.answers, JSON.stringify(record), after);
    });
    return { StatusCode: 202 };
  });

  const stepFunctions = createFakeStepFunctions({
    clock: world.clock,
    // Lambda's clock knows whole milliseconds, the jitter of retries does not.
    schedule: (at, run) => world.schedule(Math.ceil(at), run),
    random: () => weather.chance(),
    invoke: async (functionName, payload) => {
      const name = called[functionName];
      if (!name) throw new Error(`no function is called ${functionName}`);
      const run = () => invoke((runtime) => answerMachine(runtime, name)(payload));
      if (weather.isLost()) throw lambdaFailed();
      // Lambda may run an event twice; the second time nobody waits for.
      if (weather.chance() < storm.twice && !calm) void run().catch(() => undefined);
      try {
        await run();
      } catch (error) {
        if (error instanceof Error && error.name !== 'Died') throw error;
        throw lambdaFailed();
      }
      if (weather.isLost()) throw lambdaFailed();
      return {};
    },
  });
  const deadly = <Client extends { send: unknown }>(client: Client): Client => mortal(client, mortals);

  const ledger = streaming(memory.ledger, (writes, events) => {
    onEvents(events);
    carryStream(streamRecordsOf(TENANT, writes));
  });
  const machinesOf = new Map<string, RunnableMachines>();
  const tenantStores: TenantStores = {
    ledger: mortal(ledger, mortals),
    blobs: memory.blobs,
    definitions: memory.definitions,
    views: mortal(memory.views, mortals),
    machines: mortal(
      {
        markRunnable: async (name: string, version: string, machines: RunnableMachines) =>
          void machinesOf.set(`${name} ${version}`, machines),
        findMachines: async (name: string, version: string) => machinesOf.get(`${name} ${version}`),
      },
      mortals,
    ),
    agentTypes: createMemoryAgentTypeStore(),
    apiKeys: createMemoryApiKeyStore(),
    idempotency: createMemoryIdempotencyStore(),
  };
  const tenants = new Set<string>();
  const report = { error: () => undefined, info: () => undefined, count: () => undefined };
  const engineWorld: EngineWorld = {
    stores: () => tenantStores,
    tenants: { add: async (tenant) => void tenants.add(tenant), list: async () => [...tenants] },
    machines: deadly(stepFunctions.client),
    queues: deadly(queues),
    timerQueueUrl: QUEUES.timers,
    lambdaOf: () => deadly(lambda),
    fetch: () => Promise.reject(new Error('no network')),
    handleSecret: async () => memory.handleSecret,
    clock: world.clock,
    ids: { ...world.ids, ...seeded(ids), engineId: () => 'eng_lambda' },
    report,
  };
  const requests = createSqsMachineRequests({ client: deadly(queues), queueUrl: QUEUES.machines });
  const roleArn = 'arn:aws:iam::111111111111:role/machines';
  const namesOf = (tenant: string) =>
    createMachineNames({ tenant, region: 'eu-west-1', roleArn, prefix: 'skein-', functions });
  const press: MachinePress = {
    stores: () => tenantStores,
    machines: createStepFunctionsMachines({ client: deadly(stepFunctions.client), roleArn }),
    client: deadly(stepFunctions.client),
    namesOf,
    functions,
    clock: world.clock,
    report,
  };

  function carryStream(records: readonly StreamRecord[]): void {
    weather.carry(200, () => takeStream(records));
  }
  function takeStream(records: readonly StreamRecord[], tries = 1): void {
    const handle = async (runtime: Runtime) => {
      const bus = { publish: async (events: readonly PublishedEvent[]) => void published.push(...events) };
      const project = createProjection({ runtime, bus, requests, source: 'skein.test' });
      const { batchItemFailures } = await takeBatch(records, project, report);
      if (batchItemFailures.length > 0) throw new Error('the batch failed');
    };
    invoke(handle).catch(() => {
      if (tries < RECEIVES) world.schedule(world.clock.now() + 1_000, () => takeStream(records, tries + 1));
    });
  }
  const sweep = (): void => {
    world.schedule(world.clock.now() + SWEEP_EVERY, sweep);
    invoke(async (runtime) => {
      for (const tenant of await runtime.listTenants())
        finds.push(...(await sweepTenant({ runtime, requests }, tenant)));
    }).catch(() => undefined);
  };
  world.schedule(world.clock.now() + SWEEP_EVERY, sweep);

  const deployment: SimulatedDeployment = {
    stores: memory,
    stepFunctions,
    weather: { ...weather, calm: () => ((calm = true), weather.calm()) },
    mortals,
    published,
    finds,
    deadLetters,
    async ask(what) {
      for (;;) {
        try {
          return await invoke(what);
        } catch (error) {
          if (!(error instanceof Error && error.name === 'Died')) throw error;
        }
      }
    },
    async publish(compiled) {
      const names = namesOf(TENANT);
      const { published: version } = await publishCompiled(memory.definitions, onLambda(compiled), {
        tenant: TENANT,
        now: world.clock.now(),
        functions,
        partName: (of, part) => names.arnOf(of, part),
      });
      await requests.send({ tenant: TENANT, workflow: version.name, version: version.version });
    },
    isBusy: () => active > 0,
  };
  return deployment;
}

/** The same workflow, its agents functions of Lambda. */
function onLambda(compiled: CompiledWorkflow): CompiledWorkflow {
  const agentTypes = Object.entries(compiled.agentTypes).map(([name, type]): [string, AgentType] => {
    const { capabilities, input, output, cost } = type;
    const schemas = { ...(input && { input }), ...(output && { output }), ...(cost && { cost }) };
    return [name, { name, runtime: 'lambda', functionArn: `arn:agent:${name}`, capabilities, ...schemas }];
  });
  return { ...compiled, agentTypes: Object.fromEntries(agentTypes) };
}

/** The ledger, whose commits somebody hears of. */
function streaming(
  ledger: LedgerStore,
  hear: (writes: Parameters<LedgerStore['commit']>[0], events: readonly SkeinEvent[]) => void,
): LedgerStore {
  return {
    ...ledger,
    async commit(writes) {
      const result = await ledger.commit(writes);
      const events = writes.flatMap((write) => (write.kind === 'event' ? [write.event] : []));
      if (result === 'committed') hear(writes, events);
      return result;
    },
  };
}

function clientOf<Client extends { send: unknown }>(answer: (command: unknown) => object): Pick<Client, 'send'> {
  // A casting boundary: the SDK's clients have an overload for each of their commands.
  return { send: async (command: unknown) => answer(command) };
}

function lambdaFailed(): Error {
  return Object.assign(new Error('the function died'), { name: 'Lambda.Unknown' });
}

function seeded(ids: Ids): Pick<Ids, 'executionId' | 'random'> {
  return { executionId: () => ids.executionId(), random: () => ids.random() };
}

/** The handle that a call of an agent carries, and what it is about. */
export function readCall(payload: Json): {
  readonly handle: string;
  readonly path: string;
  readonly execution: string;
  readonly attempt: number;
} {
  // A casting boundary: the engine's adapter has made it.
  const { handle, task, context } = payload as unknown as LambdaAgentCall;
  return { handle, path: task.path, execution: context.execution, attempt: context.attempt };
}
