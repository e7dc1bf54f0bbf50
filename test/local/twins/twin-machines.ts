import { setImmediate as turnOfTheEventLoop, setTimeout as delay } from 'node:timers/promises';
import type { ExecutionId } from '../../../core/ids/index.ts';
import type { Json } from '../../../core/json/index.ts';
import type { DefinitionStore, MachineRunner, TaskTokens } from '../../../core/ports/index.ts';
import { tokenOfCall } from '../../../engine/index.ts';
import type { World } from '../../../local/index.ts';
import {
  createInterpreter,
  type HistoryEvent,
  type Interpreter,
  type MachineResult,
  type RunningMachine,
} from '../../../local/interpreter/index.ts';
import { createPartMachines } from '../../../local/part-machines.ts';
import type { Machine } from '../../../statemachines/index.ts';
import type { Answer } from './bridge.ts';
import type { DistantMachines } from './distant-machines.ts';
import { createRendezvous } from './rendezvous.ts';
import type { DistantEnd, StepFunctions } from './step-functions.ts';

/** Milliseconds of real time without anything happening, after which the two will not come together any more. */
const PATIENCE = 30_000;
const POLL = 5;

/** One execution of a workflow's machine, as the embedded interpreter and Step Functions have run it. */
export interface TwinExecution {
  readonly execution: ExecutionId;
  readonly embedded: MachineResult;
  /** Of the machine and those of its parts, in the embedded interpreter. */
  readonly events: readonly HistoryEvent[];
  readonly distant: DistantEnd;
  /** ARNs of the executions of the machine and those of its parts. */
  readonly arns: readonly string[];
}

export interface TwinMachinesDeps {
  readonly world: World;
  readonly definitions: DefinitionStore;
  readonly stepFunctions: StepFunctions;
  readonly distantMachines: DistantMachines;
  /** The engine, as machines call it. */
  readonly answer: Answer;
}

interface Running {
  readonly arn: string;
  readonly parts: readonly string[];
  readonly embedded: RunningMachine;
  end?: { readonly embedded: MachineResult; readonly distant: DistantEnd };
}

/**
 * Runs each machine twice: on Step Functions, whose calls the engine answers, and on the embedded interpreter, whose calls wait for
 * those and get the same answers. What one asks for and the other does not is found when they come to rest.
 */
export class TwinMachines implements MachineRunner {
  readonly #deps: TwinMachinesDeps;
  readonly #interpreter: Interpreter;
  readonly #rendezvous = createRendezvous();
  readonly #parts = createPartMachines();
  readonly #running = new Map<ExecutionId, Promise<Running>>();
  readonly #events = new Map<string, HistoryEvent[]>();
  /** Embedded tokens by those of Step Functions. */
  readonly #twins = new Map<string, string>();
  readonly #failures: unknown[] = [];
  #underWay = 0;
  #lastMove = performance.now();
  #tokens = 0;

  constructor(deps: TwinMachinesDeps) {
    const { world } = deps;
    this.#deps = deps;
    this.#interpreter = createInterpreter({
      clock: world.clock,
      schedule: world.schedule,
      random: () => world.ids.random(),
      invoke: (functionName, payload) => this.#rendezvous.expect(functionName, payload),
      findMachine: (name) => this.#parts.find(name),
      newToken: () => `twin-${++this.#tokens}`,
      onHistory: (event, name) => this.#events.set(name, [...(this.#events.get(name) ?? []), event]),
      keepHistory: false,
    });
  }

  async start(
    execution: ExecutionId,
    { name, version }: { name: string; version: string },
    input: Json,
  ): Promise<void> {
    if (this.#running.has(execution)) return;
    const started = this.#during(async (): Promise<Running> => {
      const published = await this.#deps.definitions.find(name, version);
      if (!published) throw new Error(`there is no ${name} ${version}`);
      this.#parts.hold(published);
      // The store holds what `link` gave.
      const machine = published.machine as unknown as Machine;
      const embedded = this.#interpreter.start({ machine, machineName: name, name: execution, input });
      const { root, parts } = this.#deps.distantMachines.find({ name, version });
      return { embedded, parts, arn: await this.#deps.stepFunctions.start(root, execution, input) };
    });
    this.#running.set(execution, started);
    void started.then((running) => this.#awaitEnd(running), this.#fail);
    await started;
  }

  async stop(execution: ExecutionId, cause: string): Promise<void> {
    const running = await this.#running.get(execution);
    if (!running) return;
    running.embedded.stop(cause);
    await this.#during(() => this.#deps.stepFunctions.stop(running.arn, cause));
  }

  readonly tokens: TaskTokens = {
    succeed: (token, output) => {
      const twin = this.#twins.get(token);
      if (twin !== undefined) this.#interpreter.sendTaskSuccess(twin, output);
      return this.#during(() => this.#deps.stepFunctions.succeed(token, output));
    },
    fail: (token, error, cause) => {
      const twin = this.#twins.get(token);
      if (twin !== undefined) this.#interpreter.sendTaskFailure(twin, error, cause);
      return this.#during(() => this.#deps.stepFunctions.fail(token, error, cause));
    },
  };

  /** Step Functions calls one of the engine's functions. */
  readonly answer: Answer = (functionName, payload) =>
    this.#during(async () => {
      // The embedded machine is faster, unless it has not had its turn.
      await turnOfTheEventLoop();
      const expected = this.#rendezvous.meet(functionName, payload);
      const token = tokenOfCall(payload);
      if (expected?.token !== undefined && token !== undefined) this.#twins.set(token, expected.token);
      try {
        const answer = await this.#deps.answer(functionName, payload);
        expected?.resolve(answer);
        return answer;
      } catch (error) {
        this.#fail(error);
        throw error;
      }
    });

  /** Resolves when nothing can happen on either side before time passes. Rejects when one waits for the other in vain. */
  async atRest(): Promise<void> {
    while (this.#underWay > 0 || this.#missing().length > 0) {
      if (this.#failures.length > 0) break;
      if (performance.now() - this.#lastMove > PATIENCE) throw new Error(await this.#parted());
      await delay(POLL);
      await turnOfTheEventLoop();
    }
    if (this.#failures.length > 0) throw this.#failures[0];
  }

  /** All that have been started. Rejects while one of them goes on. */
  async ended(): Promise<readonly TwinExecution[]> {
    await this.atRest();
    return await Promise.all(
      [...this.#running].map(async ([execution, started]) => {
        const { arn, parts, end } = await started;
        if (!end) throw new Error(`the machine of ${execution} goes on although nothing is left to happen`);
        const ofParts = await Promise.all(parts.map((part) => this.#deps.stepFunctions.executionsOf(part)));
        const isOwn = (name: string): boolean => name === execution || name.startsWith(`${execution}-`);
        const events = [...this.#events].flatMap(([name, own]) => (isOwn(name) ? own : []));
        const nested = ofParts.flat().filter((part) => isOwn(part.slice(part.lastIndexOf(':') + 1)));
        return { execution, ...end, events, arns: [arn, ...nested] };
      }),
    );
  }

  async #awaitEnd(running: Running): Promise<void> {
    const embedded = await running.embedded.result;
    await this.#during(async () => {
      running.end = { embedded, distant: await this.#deps.stepFunctions.end(running.arn) };
    }).catch(this.#fail);
  }

  /** No time passes while this goes on. */
  async #during<T>(happening: () => Promise<T>): Promise<T> {
    this.#underWay += 1;
    this.#lastMove = performance.now();
    try {
      return await happening();
    } finally {
      this.#underWay -= 1;
      this.#lastMove = performance.now();
    }
  }

  readonly #fail = (error: unknown): void => void this.#failures.push(error);

  /** The embedded machines' calls that Step Functions has not made, of states that still wait. */
  #missing(): readonly string[] {
    return this.#rendezvous.waiting().flatMap(({ key, token }) => {
      // A sign of life changes nothing where none is asked for, and says whether the state still waits.
      const waits = token === undefined || this.#interpreter.sendTaskHeartbeat(token) === 'ok';
      return waits ? [key] : [];
    });
  }

  async #parted(): Promise<string> {
    const looks = [...this.#running.values()].map(async (started) =>
      this.#deps.stepFunctions.look((await started).arn),
    );
    const missing = this.#missing();
    return [
      missing.length > 0
        ? 'Step Functions does not ask for:'
        : 'Step Functions does not end what the interpreter has ended:',
      ...missing,
      ...(await Promise.all(looks)).map((look) => JSON.stringify(look)),
    ].join('\n');
  }
}
