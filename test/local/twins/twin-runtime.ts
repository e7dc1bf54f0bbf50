import { createInProcessEventBus } from '../../../adapters/embedded/index.ts';
import type { ExecutionId } from '../../../core/ids/index.ts';
import type { Json } from '../../../core/json/index.ts';
import type { AgentAnswers } from '../../../core/ports/index.ts';
import type { ExecutionView } from '../../../core/projections/index.ts';
import { createEngine, type Engine } from '../../../engine/index.ts';
import type { EmbeddedRuntime, EmbeddedRuntimeOptions } from '../../../local/index.ts';
import { callEngine } from '../../../local/machines.ts';
import { createProjector } from '../../../local/projector.ts';
import { publishForRun } from '../../../local/publish-workflow.ts';
import type { Answer, Bridge } from './bridge.ts';
import { createDistantMachines } from './distant-machines.ts';
import type { StepFunctions } from './step-functions.ts';
import { TwinMachines } from './twin-machines.ts';

export type TwinRuntime = Pick<EmbeddedRuntime, 'publish' | 'start' | 'emit' | 'cancel' | 'whenEnded' | 'subscribe'> & {
  readonly machines: TwinMachines;
};

export interface TwinRuntimeOptions extends EmbeddedRuntimeOptions {
  readonly tenant: string;
  readonly bridge: Bridge;
  readonly stepFunctions: StepFunctions;
  readonly distort?: ((machine: Json) => Json) | undefined;
  /** Every call of a machine arrives twice, as it may where calls are delivered at least once. */
  readonly echo?: boolean | undefined;
}

/** The engine on stores in memory, with its machines on Step Functions and on the interpreter. It runs one execution, and its children. */
export function createTwinRuntime(options: TwinRuntimeOptions): TwinRuntime {
  const { stores, world, tenant, bridge } = options;
  const ended = Promise.withResolvers<ExecutionView>();
  const expected: ExecutionId[] = [];
  const bus = createInProcessEventBus({ onError: ended.reject });
  const projector = createProjector({
    ledger: stores.ledger,
    views: stores.views,
    later: (wait, run) => world.schedule(world.clock.now() + wait, run),
    onEnded: (view) => (view.execution === expected[0] ? ended.resolve(view) : undefined),
    onError: ended.reject,
  });
  bus.subscribe(projector.listen);
  const distantMachines = createDistantMachines(options);
  const engine = (): Engine => built;
  const { definitions } = stores;
  const call: Answer = (functionName, payload) => callEngine(engine(), functionName, payload);
  const twice: Answer = async (functionName, payload) => {
    const answer = call(functionName, payload);
    await Promise.all([answer, call(functionName, payload)]);
    return answer;
  };
  const answer = options.echo ? twice : call;
  const machines = new TwinMachines({ ...options, definitions, distantMachines, answer });
  bridge.attach(tenant, machines.answer);
  const answers: AgentAnswers = {
    complete: (handle, output) => engine().answers.complete(handle, output),
    fail: (handle, error) => engine().answers.fail(handle, error),
    heartbeat: (handle) => engine().answers.heartbeat(handle),
  };
  const built = createEngine({
    ...stores,
    ...world,
    tenant,
    engineId: world.ids.engineId(),
    agents: world.createAgents(answers, () => void engine().onRoom().catch(ended.reject)),
    machines,
    tokens: machines.tokens,
    timers: world.createTimers((timer) => engine().onTimer(timer)),
    bus,
    later: (run) => run(),
    onError: ended.reject,
  });
  return {
    machines,
    async publish(compiled) {
      const published = await publishForRun(definitions, compiled, { tenant, now: world.clock.now() });
      await distantMachines.make(compiled, published.version);
      return published;
    },
    async start(request) {
      const execution = await built.start(request);
      expected.push(execution);
      return execution;
    },
    emit: (event) => built.publish(event),
    cancel: (execution, by) => built.cancel(execution, by),
    whenEnded: () => ended.promise,
    subscribe: (listener) => bus.subscribe(listener),
  };
}
