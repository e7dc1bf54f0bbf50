import { InvariantError, NotFoundError } from '../core/errors/index.ts';
import type { ExecutionId } from '../core/ids/index.ts';
import type { Json } from '../core/json/index.ts';
import type { Clock, DefinitionStore, MachineRunner, TaskTokens } from '../core/ports/index.ts';
import { asLambdaError, callFromMachine, type Engine, type MachineFunction } from '../engine/index.ts';
import type { Machine } from '../statemachines/index.ts';
import { createInterpreter, type Cancel, type MachineResult, type RunningMachine } from './interpreter/index.ts';
import { createPartMachines } from './part-machines.ts';

/** The engine's functions, by the names that link writes into machines. */
export const functionNames = { begin: 'begin', dispatch: 'dispatch-task', conclude: 'conclude' } as const;

export interface EmbeddedMachinesDeps {
  readonly clock: Clock;
  readonly schedule: (at: number, run: () => void) => Cancel;
  readonly random: () => number;
  /** Of this process and no other: the ledger remembers tokens of dead ones, which must not name a state of this one. */
  readonly engineId: string;
  readonly definitions: DefinitionStore;
  /** Late, because engine and machines know each other. */
  readonly engine: () => Engine;
  /** A machine has ended, whichever way. */
  readonly onEnd: (execution: ExecutionId, result: MachineResult) => void;
}

export interface EmbeddedMachines extends MachineRunner {
  readonly tokens: TaskTokens;
  close(): void;
}

/** Runs the compiled machines of this process's executions, with the engine's functions in place of Lambdas. */
export function createEmbeddedMachines(deps: EmbeddedMachinesDeps): EmbeddedMachines {
  const running = new Map<ExecutionId, RunningMachine>();
  const parts = createPartMachines();
  let tokens = 0;
  const interpreter = createInterpreter({
    clock: deps.clock,
    schedule: deps.schedule,
    random: deps.random,
    invoke: (functionName, payload) => callEngine(deps.engine(), functionName, payload),
    findMachine: (name) => parts.find(name),
    newToken: () => {
      tokens += 1;
      return `${deps.engineId}.${tokens}`;
    },
    keepHistory: false,
  });

  return {
    async start(execution, { name, version }, input) {
      if (running.has(execution)) return;
      const published = await deps.definitions.find(name, version);
      if (!published)
        throw new NotFoundError({ code: 'workflow_not_found', message: `There is no ${name} ${version}.` });
      // Another start may have been faster; two machines of one execution would bind each other's tokens.
      if (running.has(execution)) return;
      // The store holds what `link` gave.
      const machine = published.machine as unknown as Machine;
      const letGo = parts.hold(published);
      const started = interpreter.start({ machine, machineName: `${name}-${version}`, name: execution, input });
      running.set(execution, started);
      void started.result.then((result) => {
        running.delete(execution);
        letGo();
        deps.onEnd(execution, result);
      });
    },
    async stop(execution, cause) {
      running.get(execution)?.stop(cause);
    },
    tokens: {
      succeed: async (token, output) => interpreter.sendTaskSuccess(token, output) === 'ok',
      fail: async (token, error, cause) => interpreter.sendTaskFailure(token, error, cause) === 'ok',
    },
    close() {
      for (const machine of running.values()) machine.stop('the runtime is closing');
    },
  };
}

const called: Readonly<Record<string, MachineFunction>> = {
  [functionNames.begin]: 'begin',
  [functionNames.dispatch]: 'dispatch',
  [functionNames.conclude]: 'conclude',
};

/** A machine's call of one of the engine's functions. Throws errors named as Step Functions sees a Lambda fail. */
export async function callEngine(engine: Engine, functionName: string, payload: Json): Promise<Json> {
  const name = Object.hasOwn(called, functionName) ? called[functionName] : undefined;
  if (!name) throw asLambdaError(unknownFunction(functionName));
  await callFromMachine(engine, name, payload);
  return {};
}

function unknownFunction(name: string): InvariantError {
  return new InvariantError({ code: 'unknown_function', message: `No function is called ${name}.` });
}
