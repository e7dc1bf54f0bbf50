import { InvariantError } from '../core/errors/index.ts';
import { isSettled, isTerminal, type SkeinEvent } from '../core/execution/index.ts';
import type { ExecutionId } from '../core/ids/index.ts';
import type { Json } from '../core/json/index.ts';
import type { AgentAnswers, AgentRuntime, Clock, Ids, Timer, Timers } from '../core/ports/index.ts';
import type { ExecutionView } from '../core/projections/index.ts';
import { createInProcessEventBus } from '../adapters/embedded/index.ts';
import { createEngine, type Engine } from '../engine/index.ts';
import type { CompiledWorkflow } from './compiled-workflow.ts';
import type { MachineResult } from './interpreter/index.ts';
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
  start(request: Version & { readonly input: Json }): Promise<ExecutionId>;
  /** Takes up an execution whose process has died. Throws ConflictError (`execution_ended`), NotFoundError. */
  resume(execution: ExecutionId): Promise<void>;
  cancel(execution: ExecutionId, by: string): Promise<void>;
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
    later: (delay, run) => void world.schedule(world.clock.now() + delay, run),
    onEnded: endings.end,
    onError: endings.failAll,
  });
  bus.subscribe(projector.listen);

  let closed = false;
  const engineId = world.ids.engineId();
  const engine = (): Engine => built;
  const answers: AgentAnswers = {
    complete: (handle, output) => engine().answers.complete(handle, output),
    fail: (handle, error) => engine().answers.fail(handle, error),
    heartbeat: (handle) => engine().answers.heartbeat(handle),
  };
  const machines = createEmbeddedMachines({
    ...world,
    definitions: stores.definitions,
    random: () => world.ids.random(),
    engineId,
    engine,
    onEnd: (execution, result) => {
      if (!closed) endings.check(execution, result).catch(endings.failAll);
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
    timers: world.createTimers((timer) => engine().onTimer(timer)),
    bus,
    onError: endings.failAll,
  });

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
    start: (request) => built.start(request),
    emit: (event) => built.publish(event),
    resume: async (execution) => {
      await adopt(execution);
      await built.resume(execution);
    },
    cancel: async (execution, by) => {
      await adopt(execution);
      await built.cancel(execution, by);
    },
    whenEnded: endings.wait,
    subscribe: (listener) => bus.subscribe(listener),
    answers,
    close() {
      closed = true;
      machines.close();
    },
  };
}

interface Waiter {
  readonly resolve: (view: ExecutionView) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Those who wait for executions to end, and what keeps these from it: a machine that has ended too early, or the first error
 * after which the engine cannot promise anything.
 */
function createEndings(stores: Stores) {
  const waiters = new Map<ExecutionId, Waiter[]>();
  const lost = new Map<ExecutionId, InvariantError>();
  let fatal: { readonly error: unknown } | undefined;
  const take = (execution: ExecutionId): readonly Waiter[] => {
    const waiting = waiters.get(execution) ?? [];
    waiters.delete(execution);
    return waiting;
  };
  const fail = (execution: ExecutionId, error: unknown) => take(execution).forEach(({ reject }) => reject(error));

  return {
    end: (view: ExecutionView) => take(view.execution).forEach(({ resolve }) => resolve(view)),
    failAll: (error: unknown) => {
      fatal ??= { error };
      for (const execution of [...waiters.keys()]) fail(execution, error);
    },
    /** A machine that has ended before its execution did will not end it any more. */
    check: async (execution: ExecutionId, result: MachineResult) => {
      const record = await stores.ledger.findExecution(execution);
      if (!record || isTerminal(record.status)) return;
      const error = endedEarly(execution, result);
      lost.set(execution, error);
      fail(execution, error);
    },
    /** Its machine runs again. */
    takeUp: (execution: ExecutionId) => void lost.delete(execution),
    wait: async (execution: ExecutionId): Promise<ExecutionView> => {
      const stored = await stores.views.find(execution);
      if (stored && isTerminal(stored.status)) return stored;
      if (fatal) throw fatal.error;
      const error = lost.get(execution);
      if (error) throw error;
      return new Promise((resolve, reject) => {
        waiters.set(execution, [...(waiters.get(execution) ?? []), { resolve, reject }]);
      });
    },
  };
}

function endedEarly(execution: ExecutionId, result: MachineResult): InvariantError {
  const why = result.status === 'FAILED' ? `${result.error ?? ''} ${result.cause ?? ''}`.trim() : result.status;
  return new InvariantError({
    code: 'machine_ended_early',
    message: `The machine of ${execution} ended before its execution: ${why}.`,
    hint: `Nothing that was recorded is lost: \`skein resume ${execution}\` takes it up again.`,
  });
}
