import type { CompiledWorkflow } from '../compiler/index.ts';
import { UnavailableError } from '../core/errors/index.ts';
import { isSettled, type SkeinEvent } from '../core/execution/index.ts';
import type { ExecutionId } from '../core/ids/index.ts';
import type { AgentAnswers, AgentRuntime, Clock, EventBus, Ids, Timer, Timers } from '../core/ports/index.ts';
import type { ExecutionView } from '../core/projections/index.ts';
import { createInProcessEventBus } from '../adapters/embedded/index.ts';
import { createEngine, type Engine } from '../engine/index.ts';
import { createDeadLetters, createRedrive } from './dead-letters.ts';
import { createEndings, type Endings } from './endings.ts';
import { createEmbeddedMachines } from './machines.ts';
import { createProjector } from './projector.ts';
import { TENANT, publishForRun } from './publish-workflow.ts';
import type { Stores } from './stores.ts';

/** The world as the runtime sees it; `createLaptopWorld` is the real one, tests bring a simulated one. */
export interface World {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly createTimers: (deliver: (timer: Timer) => Promise<void>) => Timers;
  /** Runs `run` once at or after `at` (epoch milliseconds). */
  readonly schedule: (at: number, run: () => void) => () => void;
  readonly createAgents: (answers: AgentAnswers, onRoom: (limit: string, free: number) => void) => AgentRuntime;
}

export interface EmbeddedRuntimeOptions {
  readonly stores: Stores;
  readonly world: World;
  readonly tenant?: string;
}

export interface Version {
  readonly workflow: string;
  readonly version: string;
}

/** Runs workflows in this process. */
export interface EmbeddedRuntime {
  /**
   * Publishes a compiled workflow under its own version, or, when that version holds other content already, under
   * `{version}+{digest8}`: on a laptop people edit a file and run it again.
   */
  publish(compiled: CompiledWorkflow): Promise<Version>;
  /** Publishes an event on the coordination bus, for tasks that wait for it; one with the id of an earlier one changes nothing. */
  emit(event: Parameters<Engine['publish']>[0]): Promise<void>;
  readonly start: Engine['start'];
  /** Takes up an execution whose process has died. Throws ConflictError (`execution_ended`), NotFoundError. */
  resume(execution: ExecutionId): Promise<void>;
  cancel(execution: ExecutionId, by: string): Promise<void>;
  /** As the engine does; throws what it throws. */
  readonly pause: Engine['pause'];
  readonly unpause: Engine['unpause'];
  readonly listApprovals: Engine['listApprovals'];
  readonly decide: Engine['decide'];
  readonly confirmDecision: Engine['confirmDecision'];
  readonly intervene: Engine['intervene'];
  readonly listBreakers: Engine['listBreakers'];
  readonly findBreaker: Engine['findBreaker'];
  readonly resetBreaker: Engine['resetBreaker'];
  readonly listCaches: Engine['listCaches'];
  readonly clearCache: Engine['clearCache'];
  readonly listPools: Engine['listPools'];
  readonly findPool: Engine['findPool'];
  readonly listRates: Engine['listRates'];
  readonly changeInstance: Engine['changeInstance'];
  readonly sweepPools: Engine['sweepPools'];
  readonly listCompensations: Engine['listCompensations'];
  readonly resolveCompensation: Engine['resolveCompensation'];
  readonly listIncidents: Engine['listIncidents'];
  readonly getIncident: Engine['getIncident'];
  readonly redriveIncident: Engine['redriveIncident'];
  readonly closeIncident: Engine['closeIncident'];
  /** Its last view, once it has ended and the view is stored. Rejects when the engine cannot go on; resume it then. */
  whenEnded(execution: ExecutionId): Promise<ExecutionView>;
  /** Committed events of this process's executions. Answers what ends it. */
  subscribe(listener: (events: readonly SkeinEvent[]) => void): () => void;
  readonly answers: AgentAnswers;
  /** Lets go of the machines; their executions stay as they are recorded, to be resumed. */
  close(): void;
}

export function createEmbeddedRuntime({ stores, world, tenant = TENANT }: EmbeddedRuntimeOptions): EmbeddedRuntime {
  const endings = createEndings(stores);
  const bus = createInProcessEventBus({ onError: endings.failAll });
  const projector = createProjector({
    ledger: stores.ledger,
    views: stores.views,
    later: (delay, run) => world.schedule(world.clock.now() + delay, run),
    onEnded: endings.end,
    onError: endings.failAll,
  });
  bus.subscribe(projector.listen);
  const { engine, answers, close } = connect({ stores, world, tenant, endings, bus });

  /** Follows an execution that another process has begun, and its children. */
  const adopt = async (execution: ExecutionId): Promise<void> => {
    endings.takeUp(execution);
    await projector.adopt(execution);
    for (const { child, status } of await stores.ledger.listTasks(execution)) {
      if (child !== undefined && !isSettled(status)) await adopt(child);
    }
  };

  return {
    publish: (compiled) => publishForRun(stores.definitions, compiled, { tenant, now: world.clock.now() }),
    start: (request, id) => engine.start(request, id),
    emit: (event) => engine.publish(event),
    resume: async (execution) => {
      await adopt(execution);
      await engine.resume(execution);
    },
    cancel: async (execution, by) => {
      await adopt(execution);
      await engine.cancel(execution, by);
    },
    pause: async (execution, request) => {
      await adopt(execution);
      return engine.pause(execution, request);
    },
    unpause: async (execution, request) => {
      await adopt(execution);
      await engine.unpause(execution, request);
    },
    ...throughEngine(engine),
    resolveCompensation: async (execution, asked) => {
      await adopt(execution);
      await engine.resolveCompensation(execution, asked);
    },
    redriveIncident: async (id, by) => {
      const { execution, status } = await engine.getIncident(id);
      if (execution !== undefined && status === 'open') await adopt(execution);
      return engine.redriveIncident(id, by);
    },
    whenEnded: endings.wait,
    subscribe: (listener) => bus.subscribe(listener),
    answers,
    close,
  };
}

type Through =
  | 'listApprovals'
  | 'decide'
  | 'confirmDecision'
  | 'intervene'
  | 'listBreakers'
  | 'findBreaker'
  | 'resetBreaker'
  | 'listCaches'
  | 'clearCache'
  | 'listPools'
  | 'findPool'
  | 'listRates'
  | 'changeInstance'
  | 'sweepPools'
  | 'listCompensations'
  | 'listIncidents'
  | 'getIncident'
  | 'closeIncident';

/** What needs nothing but the engine, whoever runs the executions that it is about. */
function throughEngine(engine: Engine): Pick<Engine, Through> {
  return {
    listApprovals: (filter) => engine.listApprovals(filter),
    decide: (approval, decision) => engine.decide(approval, decision),
    confirmDecision: (approval, decision) => engine.confirmDecision(approval, decision),
    intervene: (place, asked) => engine.intervene(place, asked),
    listBreakers: () => engine.listBreakers(),
    findBreaker: (agent) => engine.findBreaker(agent),
    resetBreaker: (agent, by) => engine.resetBreaker(agent, by),
    listCaches: () => engine.listCaches(),
    clearCache: (clearing) => engine.clearCache(clearing),
    listPools: () => engine.listPools(),
    findPool: (pool) => engine.findPool(pool),
    listRates: () => engine.listRates(),
    changeInstance: (change) => engine.changeInstance(change),
    sweepPools: (patience) => engine.sweepPools(patience),
    listCompensations: (execution) => engine.listCompensations(execution),
    listIncidents: (filter) => engine.listIncidents(filter),
    getIncident: (id) => engine.getIncident(id),
    closeIncident: (id, asked) => engine.closeIncident(id, asked),
  };
}

/** Agents that answer sooner are never seen at work; nobody would see them in a display either. */
const MOMENT_MS = 5;

interface Parts extends Required<EmbeddedRuntimeOptions> {
  readonly endings: Endings;
  readonly bus: EventBus;
}

/** Engine, machines and agents, which know each other: each is handed a way to the others that leads on once all are there. */
function connect({ stores, world, tenant, endings, bus }: Parts) {
  let closed = false;
  const engineId = world.ids.engineId();
  const engine = (): Engine => built;
  const known = { engine, tenant, engineId, handleSecret: stores.handleSecret };
  const letters = createDeadLetters({ ...known, onLost: endings.failAll });
  const answers = answersOf(engine, { onLost: endings.failAll, keep: letters.keepAnswer });
  const machines = createEmbeddedMachines({
    ...world,
    definitions: stores.definitions,
    random: () => world.ids.random(),
    engineId,
    engine,
    onEnd: (execution, result) => {
      if (closed) return;
      const checked = endings.check(execution, result);
      checked.then((error) => (error ? letters.machineEnded(execution, error) : undefined)).catch(endings.failAll);
    },
  });
  const built = createEngine({
    ...stores,
    ...world,
    tenant,
    engineId,
    agents: world.createAgents(answers, () => void engine().onRoom().catch(endings.failAll)),
    machines,
    tokens: machines.tokens,
    timers: world.createTimers((timer) => letters.deliver(timer)),
    bus,
    later: (run) =>
      void world.schedule(world.clock.now() + MOMENT_MS, () => {
        if (!closed) run();
      }),
    onError: (error) => {
      endings.failAll(error);
      letters.engineFailed(error);
    },
    redrive: createRedrive(known),
  });
  const close = (): void => {
    closed = true;
    machines.close();
  };
  return { engine: built, answers, close };
}

interface Losses {
  readonly onLost: (error: unknown) => void;
  readonly keep: ReturnType<typeof createDeadLetters>['keepAnswer'];
}

/**
 * An answer that cannot be recorded is lost where its agent does not repeat it: better a person looks at the disk than at a timeout. One that
 * the engine fails of is kept.
 */
function answersOf(engine: () => Engine, { onLost, keep }: Losses): AgentAnswers {
  const recorded = async (
    answer: Promise<void>,
    ...[handle, what]: [Parameters<Losses['keep']>[0], Parameters<Losses['keep']>[1]]
  ): Promise<void> => {
    try {
      await answer;
    } catch (error) {
      if (error instanceof UnavailableError) onLost(error);
      await keep(handle, what, error);
      throw error;
    }
  };
  return {
    complete: (handle, output, usage) =>
      recorded(engine().answers.complete(handle, output, usage), handle, {
        kind: 'complete',
        output,
        ...(usage && { usage }),
      }),
    fail: (handle, error, usage) =>
      recorded(engine().answers.fail(handle, error, usage), handle, { kind: 'fail', error, ...(usage && { usage }) }),
    heartbeat: (handle) => engine().answers.heartbeat(handle),
  };
}
