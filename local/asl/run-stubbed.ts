import { InvalidRequestError } from '../../core/errors/index.ts';
import type { Json } from '../../core/json/index.ts';
import {
  createInterpreter,
  type HistoryEvent,
  type Interpreter,
  type Machine,
  type MachineResult,
  type TaskAnswers,
  type TaskRequest,
} from '../interpreter/index.ts';
import { createSimulatedTime, type SimulatedTime } from './simulated-time.ts';
import type { Stub, Stubs } from './stubs.ts';

export interface StubbedRun {
  readonly machine: Machine;
  readonly name: string;
  readonly input: Json;
  readonly stubs: Stubs;
  /** Epoch milliseconds at which the machine's time starts. */
  readonly startedAt: number;
  readonly onHistory?: (event: HistoryEvent) => void;
}

/**
 * Runs a machine whose tasks are all stubbed, in a time of its own: the same machine, input and stubs give the same
 * history. Throws InvalidRequestError (`task_not_stubbed`) when a task is called that has no stub.
 */
export async function runStubbed(run: StubbedRun): Promise<MachineResult> {
  const time = createSimulatedTime(run.startedAt);
  const chance = createChance();
  let missing: TaskRequest | undefined;
  let tokens = 0;
  let events = 0;
  const interpreter: Interpreter = createInterpreter({
    ...time,
    random: chance,
    newToken: () => `token-${(tokens += 1)}`,
    invoke: () => neverAnswered,
    standIn: (request) => {
      const stub = run.stubs.take(request);
      if (stub) return answersOf(stub, request, { time, interpreter });
      missing ??= request;
      return { response: neverAnswered };
    },
    onHistory: (event) => {
      events += 1;
      run.onHistory?.(event);
    },
  });

  const { machine, input, name } = run;
  const running = interpreter.start({ machine, machineName: name, name: 'stubbed', input });
  let isOver = false;
  void running.result.then(() => (isOver = true));
  await time.passUntil(() => isOver || missing !== undefined || events > mostEvents);
  if (missing) throw notStubbed(missing);
  // One that has ended stays as it is.
  running.stop(`Step Functions ends an execution after ${mostEvents} events.`);
  return running.result;
}

/** Step Functions' limit on the history of a Standard execution; here it ends a machine that goes round for ever. */
const mostEvents = 25_000;

const neverAnswered = new Promise<never>(() => undefined);

interface Stage {
  readonly time: SimulatedTime;
  readonly interpreter: Interpreter;
}

/** A task that waits for more than a response is answered by its token. */
function answersOf(stub: Stub, { token }: TaskRequest, { time, interpreter }: Stage): TaskAnswers {
  const { output, error, cause, delay = 0, submitted = {} } = stub;
  const due = time.clock.now() + delay * 1000;
  if (token !== undefined) {
    time.schedule(due, () => {
      if (output === undefined) interpreter.sendTaskFailure(token, error, cause);
      else interpreter.sendTaskSuccess(token, output);
    });
    return { response: Promise.resolve(submitted) };
  }
  const response = Promise.withResolvers<Json>();
  time.schedule(due, () => {
    if (output === undefined) response.reject(Object.assign(new Error(cause), { name: error }));
    else response.resolve(output);
  });
  return { response: response.promise };
}

function notStubbed({ state, resource, parameters }: TaskRequest): InvalidRequestError {
  return new InvalidRequestError({
    code: 'task_not_stubbed',
    message: `the task ${state} was called and has no stub; its arguments were ${JSON.stringify(parameters)}`,
    hint: `add "${state}": { "output": … } to the stubs, or stub ${resource} for all tasks that call it`,
    details: { place: `the state ${state}` },
  });
}

/** Chance that is the same in each run: a linear congruential generator, with the constants of Numerical Recipes. */
function createChance(): () => number {
  let state = 1;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
