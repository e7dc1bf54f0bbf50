import { setImmediate as turnOfTheEventLoop } from 'node:timers/promises';
import type { Json, JsonObject } from '../../../core/json/index.ts';
import {
  createInterpreter,
  type HistoryEvent,
  type Interpreter,
  type InterpreterOptions,
  type MachineResult,
  type MachineStart,
  type RunningMachine,
} from '../../../local/interpreter/index.ts';
import type { Branch, Machine, State, TaskState } from '../../../local/interpreter/machine.ts';
import { createSimulatedClock, type SimulatedClock } from '../../makers/simulated-clock.ts';

export type {
  HistoryEvent,
  Interpreter,
  Machine,
  MachineResult,
  TaskAnswers,
  TaskRequest,
} from '../../../local/interpreter/index.ts';

type StageFunction = (payload: JsonObject) => Json | Promise<Json>;

interface StageOptions extends Pick<InterpreterOptions, 'standIn' | 'home'> {
  /** What the machine's tasks invoke, by function name. */
  readonly functions?: { readonly [name: string]: StageFunction };
  readonly random?: () => number;
  /** What the machine's tasks may start, by ARN. */
  readonly machines?: { readonly [arn: string]: Machine };
  readonly keepHistory?: boolean;
  readonly onHistory?: (event: HistoryEvent, name: string) => void;
}

type Names = Pick<MachineStart, 'machineName' | 'name'>;

/** An interpreter in a world whose time passes only when the test says so. */
export interface MachineStage {
  readonly interpreter: Interpreter;
  readonly clock: SimulatedClock;
  /** Payloads, in the order of the calls. */
  readonly calls: JsonObject[];
  start(machine: Machine, input?: Json, names?: Names): RunningMachine;
  /** Starts the machine and lets time pass, wait by wait, until it has ended. */
  run(machine: Machine, input?: Json, names?: Names): Promise<MachineResult>;
  /** Lets everything happen that needs no time. */
  settle(): Promise<void>;
  /** Moves to the next wait's time and lets it end. */
  passOne(): Promise<void>;
  /** Lets `seconds` pass, with all that happens on the way. */
  pass(seconds: number): Promise<void>;
  /** Times at which something is scheduled, in seconds from the start. */
  waits(): number[];
}

export function createMachineStage(options: StageOptions = {}): MachineStage {
  const clock = createSimulatedClock();
  const startedAt = clock.now();
  const calls: JsonObject[] = [];
  const queue = new Map<() => void, number>();
  let tokens = 0;

  const interpreter = createInterpreter({
    clock,
    schedule: (at, run) => {
      const due = (): void => run();
      queue.set(due, at);
      return () => queue.delete(due);
    },
    invoke: async (name, payload) => {
      calls.push(payload as JsonObject);
      const call = options.functions?.[name];
      return call ? call(payload as JsonObject) : null;
    },
    findMachine: (arn) => {
      const machine = options.machines?.[arn];
      return machine && { machine, machineName: arn.slice(arn.lastIndexOf(':') + 1) };
    },
    newToken: () => `token-${(tokens += 1)}`,
    random: options.random ?? (() => 1),
    ...(options.standIn && { standIn: options.standIn }),
    ...(options.home && { home: options.home }),
    ...(options.keepHistory !== undefined && { keepHistory: options.keepHistory }),
    ...(options.onHistory && { onHistory: options.onHistory }),
  });

  const next = (): [() => void, number] | undefined => [...queue].sort((a, b) => a[1] - b[1])[0];
  const fire = async ([due, at]: [() => void, number]): Promise<void> => {
    queue.delete(due);
    clock.advanceTo(at);
    due();
    await turnOfTheEventLoop();
  };

  const stage: MachineStage = {
    interpreter,
    clock,
    calls,
    start: (machine, input = {}, names = { machineName: 'review-1', name: 'exec_1' }) =>
      interpreter.start({ machine, ...names, input }),
    async run(machine, input, names) {
      let end: MachineResult | undefined;
      void stage.start(machine, input, names).result.then((result) => (end = result));
      for (;;) {
        await turnOfTheEventLoop();
        if (end) return end;
        await stage.passOne();
      }
    },
    async passOne() {
      const due = next();
      if (!due) throw new Error('nothing is left that could still happen');
      await fire(due);
    },
    async settle() {
      await turnOfTheEventLoop();
    },
    async pass(seconds) {
      await turnOfTheEventLoop();
      const until = clock.now() + seconds * 1000;
      for (let due = next(); due && due[1] <= until; due = next()) await fire(due);
      clock.advanceTo(until);
    },
    waits: () => [...queue.values()].map((at) => (at - startedAt) / 1000).sort((a, b) => a - b),
  };
  return stage;
}

/** A function that answers its token at once, and only then returns. */
export function answering(stage: () => MachineStage, output: Json = { status: 'succeeded' }): StageFunction {
  return ({ token }) => {
    stage().interpreter.sendTaskSuccess(token as string, output);
    return {};
  };
}

export function aMachine(states: { readonly [name: string]: State }): Machine {
  return aBranch(states);
}

/** The first state is where it starts. */
export function aBranch(states: { readonly [name: string]: State }): Branch {
  return { StartAt: Object.keys(states)[0]!, States: states };
}

/** A task as the compiler writes it: it waits for the token in its payload. */
export function aTokenTask(parts: Partial<TaskState> = {}): TaskState {
  return {
    Type: 'Task',
    Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
    Arguments: { FunctionName: 'dispatch-task', Payload: { token: '{% $states.context.Task.Token %}' } },
    ...(parts.Next === undefined && { End: true }),
    ...parts,
  };
}

/** A task that ends when its function returns. */
export function aCallTask(parts: Partial<TaskState> = {}): TaskState {
  return aTokenTask({
    Resource: 'arn:aws:states:::lambda:invoke',
    Arguments: { FunctionName: 'begin', Payload: '{% $states.input %}' },
    ...parts,
  });
}

export const pass = (parts: JsonObject = { End: true }): State => ({ Type: 'Pass', ...parts });

export const typesOf = (result: MachineResult): string[] => result.history.map(({ type }) => type);

/** `3<2 TaskScheduled`: what came, and after what. */
export const chainOf = (result: MachineResult): string[] =>
  result.history.map(({ id, previousEventId, type }) => `${id}<${previousEventId} ${type}`);
