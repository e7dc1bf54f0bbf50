import { assertNever, errorRow, InvariantError } from '../core/errors/index.ts';
import { executionId } from '../core/ids/index.ts';
import { isJsonObject, type Json } from '../core/json/index.ts';
import type { Engine } from './engine.ts';

/** The functions that machines call, wherever they run. */
export type MachineFunction = 'begin' | 'dispatch' | 'conclude';

/** Does what a state of a machine asks for. Throws an error that is named as Step Functions names that of a Lambda. */
export async function callFromMachine(engine: Engine, called: MachineFunction, payload: Json): Promise<void> {
  try {
    await answer(engine, called, payload);
  } catch (error) {
    throw asLambdaError(error);
  }
}

/** Whose machine has made the call; throws InvariantError (`bad_payload`). */
export function tenantOfCall(payload: Json): string {
  return readerOf(payload)('tenant');
}

/** The token that the call's state waits with; undefined for a state that waits for the call itself. */
export function tokenOfCall(payload: Json): string | undefined {
  const token = isJsonObject(payload) ? payload.token : undefined;
  return typeof token === 'string' ? token : undefined;
}

/** The names under which Step Functions sees a Lambda fail: what may pass is retried by the state's own Retry. */
export function asLambdaError(error: unknown): Error {
  const failure = error instanceof Error ? error : new Error(String(error));
  const name = errorRow(failure.name).retryable ? 'Lambda.ServiceException' : 'Lambda.Unrecoverable';
  return Object.assign(new Error(`${failure.name}: ${failure.message}`, { cause: error }), { name });
}

async function answer(engine: Engine, called: MachineFunction, payload: Json): Promise<void> {
  const read = readerOf(payload);
  const execution = executionId(read('execution'));
  switch (called) {
    case 'begin':
      return engine.begin({ execution, workflow: read('workflow'), version: read('version'), input: read.input() });
    case 'dispatch': {
      const call = { execution, task: read('task'), rounds: read.rounds(), token: read('token') };
      return read.isIteration() ? engine.iterate(call) : engine.dispatch(call);
    }
    case 'conclude':
      return engine.conclude(execution, read('token'));
    default:
      return assertNever(called, 'A function that machines call');
  }
}

function readerOf(payload: Json) {
  const members = isJsonObject(payload) ? payload : {};
  const read = (key: string): string => {
    const value = members[key];
    if (typeof value === 'string') return value;
    throw new InvariantError({ code: 'bad_payload', message: `A machine called without a ${key}.` });
  };
  const { input = {}, rounds = [], step } = members;
  return Object.assign(read, {
    input: (): Json => input,
    rounds: (): readonly number[] => (Array.isArray(rounds) ? rounds.filter((round) => typeof round === 'number') : []),
    isIteration: (): boolean => step === 'iterate',
  });
}
