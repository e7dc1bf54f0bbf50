import type { ExecutionId } from '../core/ids/index.ts';
import type { Json } from '../core/json/index.ts';
import type { Clock, DefinitionStore, TaskTokens } from '../core/ports/index.ts';
import type { TenantRuntime } from '../functions/runtime.ts';
import { createInterpreter, createPartMachines, type InterpreterMachine } from '../local/index.ts';

/** What Step Functions is to the engine: durable, whoever dies. */
export interface SimulatedMachines {
  readonly runner: TenantRuntime['runner'];
  readonly tokens: TaskTokens;
  /** Executions whose machines run. */
  running(): readonly ExecutionId[];
}

export interface SimulatedMachinesOptions {
  readonly clock: Clock;
  readonly schedule: (at: number, run: () => void) => () => void;
  readonly random: () => number;
  readonly definitions: DefinitionStore;
  readonly invoke: (functionName: string, payload: Json) => Promise<Json>;
  readonly onEnd: (execution: ExecutionId, status: string) => void;
}

/** The compiled machines, each under the name of its execution, run by the embedded interpreter. */
export function createSimulatedMachines(options: SimulatedMachinesOptions): SimulatedMachines {
  const { definitions, onEnd } = options;
  const parts = createPartMachines();
  const stops = new Map<ExecutionId, (cause: string) => void>();
  const ended = new Set<ExecutionId>();
  let tokens = 0;
  const interpreter = createInterpreter({
    ...options,
    keepHistory: false,
    newToken: () => `token-${(tokens += 1)}`,
    findMachine: (name) => parts.find(name),
  });
  return {
    runner: {
      async start(execution, { name, version }, input) {
        if (stops.has(execution) || ended.has(execution)) return;
        const published = await definitions.find(name, version);
        if (!published || stops.has(execution)) return;
        const letGo = parts.hold(published);
        // The store holds what `link` gave.
        const machine = published.machine as unknown as InterpreterMachine;
        const running = interpreter.start({ machine, machineName: `${name}-${version}`, name: execution, input });
        stops.set(execution, (cause) => running.stop(cause));
        void running.result.then(({ status }) => {
          letGo();
          stops.delete(execution);
          ended.add(execution);
          onEnd(execution, status);
        });
      },
      stop: async (execution, cause) => stops.get(execution)?.(cause),
      // Versions have their machines from the moment that they are published.
      startWaiting: async () => 0,
      statusOf: async (execution) => (stops.has(execution) ? 'running' : ended.has(execution) ? 'ended' : 'missing'),
      listRunning: async () => [...stops.keys()],
    },
    tokens: {
      succeed: async (token, output) => interpreter.sendTaskSuccess(token, output) === 'ok',
      fail: async (token, error, cause) => interpreter.sendTaskFailure(token, error, cause) === 'ok',
    },
    running: () => [...stops.keys()],
  };
}
