import { createInProcessEventBus } from '../../adapters/embedded/index.ts';
import type { ExecutionId } from '../../core/ids/index.ts';
import type { AgentAnswers } from '../../core/ports/index.ts';
import type { ExecutionView } from '../../core/projections/index.ts';
import { createEngine, type Engine } from '../../engine/index.ts';
import type { EmbeddedRuntime, EmbeddedRuntimeOptions } from '../../local/index.ts';
import { createEmbeddedMachines } from '../../local/machines.ts';
import { createProjector } from '../../local/projector.ts';
import { publishForRun, TENANT } from '../../local/publish-workflow.ts';

/** Everything that a machine asks for is asked for twice at once, as it may be where a call is delivered at least once. */
function twice(engine: Engine): Engine {
  const both = async (ask: () => Promise<void>): Promise<void> => {
    await Promise.all([ask(), ask()]);
  };
  return {
    ...engine,
    begin: (beginning) => both(() => engine.begin(beginning)),
    dispatch: (call) => both(() => engine.dispatch(call)),
    iterate: (call) => both(() => engine.iterate(call)),
    conclude: (execution, token) => both(() => engine.conclude(execution, token)),
  };
}

type EchoingRuntime = Pick<
  EmbeddedRuntime,
  'publish' | 'start' | 'emit' | 'cancel' | 'pause' | 'unpause' | 'whenEnded' | 'subscribe'
>;

/** The embedded runtime with machines that repeat themselves; it runs one execution, and its children. */
export function createEchoingRuntime({ stores, world }: EmbeddedRuntimeOptions): EchoingRuntime {
  const ended = Promise.withResolvers<ExecutionView>();
  const expected: ExecutionId[] = [];
  const bus = createInProcessEventBus({ onError: ended.reject });
  const projector = createProjector({
    ledger: stores.ledger,
    views: stores.views,
    later: (delay, run) => world.schedule(world.clock.now() + delay, run),
    onEnded: (view) => (view.execution === expected[0] ? ended.resolve(view) : undefined),
    onError: ended.reject,
  });
  bus.subscribe(projector.listen);
  const engine = connect({ stores, world, tenant: TENANT, bus, onError: ended.reject });
  return {
    publish: (compiled) => publishForRun(stores.definitions, compiled, { tenant: TENANT, now: world.clock.now() }),
    async start(request) {
      const execution = await engine.start(request);
      expected.push(execution);
      return execution;
    },
    emit: (event) => engine.publish(event).then(() => engine.publish(event)),
    cancel: (execution, by) => engine.cancel(execution, by),
    pause: async (execution, request) => {
      const [first] = await Promise.all([engine.pause(execution, request), engine.pause(execution, request)]);
      return first;
    },
    unpause: async (execution, request) => {
      await Promise.all([engine.unpause(execution, request), engine.unpause(execution, request)]);
    },
    whenEnded: () => ended.promise,
    subscribe: (listener) => bus.subscribe(listener),
  };
}

interface Parts extends Required<EmbeddedRuntimeOptions> {
  readonly bus: ReturnType<typeof createInProcessEventBus>;
  readonly onError: (error: unknown) => void;
}

function connect({ stores, world, tenant, bus, onError }: Parts): Engine {
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
    engine: () => twice(built),
    onEnd: () => undefined,
  });
  const built = createEngine({
    ...stores,
    ...world,
    tenant,
    engineId,
    agents: world.createAgents(answers, () => void engine().onRoom().catch(onError)),
    machines,
    tokens: machines.tokens,
    timers: world.createTimers((timer) => engine().onTimer(timer)),
    bus,
    later: (run) => run(),
    onError,
  });
  return built;
}
