import { signHandle } from '../../core/agents/index.ts';
import { UnavailableError } from '../../core/errors/index.ts';
import { isTerminal, type ExecutionRecord, type SkeinEvent, type TaskRecord } from '../../core/execution/index.ts';
import { executionId, taskPath } from '../../core/ids/index.ts';
import type { Plan } from '../../core/plan/index.ts';
import type {
  AgentCall,
  AgentRuntime,
  LedgerStore,
  LedgerWrite,
  PublishedWorkflow,
  Timer,
} from '../../core/ports/index.ts';
import { createEngine, type Engine } from '../../engine/index.ts';
import { midnight } from '../makers/event-log.ts';
import type { Action, Model } from './explore.ts';
import { commitTo, numberOf, readFrom, type Condition, type LedgerState } from './ledger-state.ts';
import { standingOf, type Answer, type Operation, type PortCall, type Standing } from './stepwise.ts';

export const EXECUTION = executionId('exec_1');
const SECRET = 'secret';
const TENANT = 'local';

/** The engine on one ledger: functions that run side by side, messages on their way, and what has reached the world outside. */
export interface EngineState {
  readonly ledger: LedgerState;
  readonly processes: readonly Process[];
  /** Operations that are still to be run, sorted: `dispatch a`, `answer a#1`, `repeat task a`. */
  readonly messages: readonly string[];
  /** `call a#1`, `cancel a#1`, `token a succeeded`; sorted. */
  readonly effects: readonly string[];
  /** Faults that may still happen. */
  readonly faults: number;
  /** How often the sweeper has come; an hour passes between two of its visits. */
  readonly sweeps: number;
}

interface Process {
  readonly operation: string;
  readonly answers: readonly Answer[];
  /** Of the operation and its answers. */
  readonly id: number;
  readonly standing: Standing;
}

/** Every accepted start ends, and nobody is at work any more. */
const isGoal = (state: EngineState): boolean => state.processes.length === 0 && isTerminal(executionOf(state).status);

export type FaultKind = 'lost answer' | 'crash' | 'twice';

export interface EngineModelOptions {
  readonly plan: Plan;
  readonly messages: readonly string[];
  /** Functions that run at once. */
  readonly processes: number;
  readonly faults: number;
  readonly kinds: readonly FaultKind[];
  /** What the agent of an attempt does; default: it succeeds. */
  readonly fails?: (path: string, attempt: number) => boolean;
  /** Timers that are part of the model; the others never fire. */
  readonly timers?: readonly Timer['kind'][];
  readonly invariants: Model<EngineState>['invariants'];
  readonly planted?: Planted;
  /** Without stream and sweeper: what they mend is broken then. */
  readonly alone?: true;
}

/** A bug, planted into what the shipped functions stand on. */
export interface Planted {
  /** Conditions that the store does not look at. */
  readonly without?: readonly Condition[];
  /** Another answer to a call of an operation than the world's; undefined: the world's. `heard`: what it was answered before. */
  readonly answers?: (operation: string, call: PortCall, heard: readonly Answer[]) => Answer | undefined;
}

/** The shipped functions of the engine, explored call by call. */
export async function createEngineModel(options: EngineModelOptions): Promise<Model<EngineState>> {
  const world = createWorld(options);
  const start = { ledger: new Map(), processes: [], messages: [], effects: [], faults: 0, sweeps: 0 } as const;
  const begun = await world.runAlone(await world.runAlone(start, 'start'), 'begin');
  return {
    initial: { ...begun, messages: sorted(options.messages), effects: [], faults: options.faults },
    key: keyOf,
    actions: (state) => world.actions(state),
    invariants: {
      ...options.invariants,
      'nothing fails': ({ effects }) => !effects.some((it) => it.startsWith('failed')),
    },
    isGoal,
  };
}

function createWorld(options: EngineModelOptions) {
  const { planted = {}, timers = [], kinds } = options;
  const without = new Set(planted.without);
  const standings = new Map<number, Standing>();

  async function processOf(operation: string, answers: readonly Answer[], before: number): Promise<Process> {
    const id = numberOf([operation, before, answers.at(-1)?.text ?? '']);
    const standing =
      standings.get(id) ?? (await standingOf(operationOf(options.plan, operation, options.fails), answers));
    standings.set(id, standing);
    return { operation, answers, id, standing };
  }

  /** The state after a process has heard an answer; one that is done leaves, and what has failed is delivered again. */
  async function goOn(state: EngineState, process: Process, answer: Answer): Promise<EngineState> {
    const processes = state.processes.filter((it) => it !== process);
    return enter({ ...state, processes }, await processOf(process.operation, [...process.answers, answer], process.id));
  }
  function enter(state: EngineState, process: Process): EngineState {
    const { standing, operation } = process;
    if (standing.kind === 'calls')
      return { ...state, processes: [...state.processes, process].sort((a, b) => a.id - b.id) };
    if (standing.error === undefined || standing.error === 'ConflictError') return state;
    if (standing.error === 'UnavailableError') return { ...state, messages: sorted([...state.messages, operation]) };
    return { ...state, effects: added(state.effects, `failed ${operation}: ${standing.error}`) };
  }

  /** What a call does to the world, and what it is answered. */
  function answered(
    state: EngineState,
    { port, method, args }: PortCall,
  ): { readonly state: EngineState; readonly answer: Answer } {
    const said = (value: unknown) => ({ text: String(numberOf(value ?? null)), value });
    if (port === 'ledger' && method === 'commit') {
      // The engine's own writes.
      const writes = args[0] as readonly LedgerWrite[];
      const ledger = commitTo(state.ledger, writes, without);
      if (!ledger) return { state, answer: said('conflict') };
      const messages = options.alone ? state.messages : repeatsOf(state.messages, writes);
      return { state: { ...state, ledger, messages }, answer: said('committed') };
    }
    if (port === 'ledger') {
      const value = readFrom(state.ledger, method, args);
      return { state, answer: { ...said(value), value } };
    }
    if (port === 'tokens')
      return tokenAnswered(options, state, { token: String(args[0]), isSuccess: method === 'succeed' });
    const effect = effectOf(port, method, args);
    const fires = port === 'timers' ? timers.includes((args[0] as Timer).kind) : port === 'agents' && method === 'call';
    const messages = fires ? added(state.messages, messageOf(port, args)) : state.messages;
    const effects = effect === undefined ? state.effects : added(state.effects, effect);
    return { state: { ...state, effects, messages }, answer: said(null) };
  }

  async function stepsOf(state: EngineState, process: Process): Promise<readonly Action<EngineState>[]> {
    const { standing, operation, answers } = process;
    if (standing.kind !== 'calls') return [];
    const { call } = standing;
    const name = `${operation}: ${call.port}.${call.method}`;
    const wrong = planted.answers?.(operation, call, answers);
    const { state: after, answer } = wrong ? { state, answer: wrong } : answered(state, call);
    const steps: Action<EngineState>[] = [{ name, next: await goOn(after, process, answer) }];
    if (state.faults === 0) return steps;
    const faults = state.faults - 1;
    const changes = call.method === 'commit' || call.port !== 'ledger';
    if (kinds.includes('lost answer') && changes)
      steps.push({
        name: `${name}, answer lost`,
        next: await goOn({ ...after, faults }, process, LOST),
        isFault: true,
      });
    if (kinds.includes('crash') && changes) {
      const processes = state.processes.filter((it) => it !== process);
      const next = { ...state, processes, faults, messages: sorted([...state.messages, operation]) };
      steps.push({ name: `${operation} crashes before ${call.port}.${call.method}`, next, isFault: true });
    }
    return steps;
  }

  async function deliveriesOf(state: EngineState): Promise<readonly Action<EngineState>[]> {
    if (state.processes.length >= options.processes) return [];
    // It looks for what has been due for a minute, and by then all that was on its way has come.
    const isQuiet = state.processes.length === 0 && state.messages.length === 0;
    if (isQuiet && !options.alone && !isGoal(state) && state.sweeps < MOST_SWEEPS) {
      const sweeps = state.sweeps + 1;
      const name = `sweep ${sweeps}`;
      return [{ name, next: enter({ ...state, sweeps }, await processOf(name, [], -1)) }];
    }
    const actions: Action<EngineState>[] = [];
    for (const [at, message] of state.messages.entries()) {
      if (message === state.messages[at - 1]) continue;
      const process = await processOf(message, [], -1);
      const next = enter({ ...state, messages: state.messages.toSpliced(at, 1) }, process);
      actions.push({ name: message, next });
      if (state.faults === 0 || !kinds.includes('twice')) continue;
      actions.push({
        name: `${message}, and again`,
        next: enter({ ...state, faults: state.faults - 1 }, process),
        isFault: true,
      });
    }
    return actions;
  }

  return {
    async actions(state: EngineState): Promise<readonly Action<EngineState>[]> {
      const steps = await Promise.all(state.processes.map((process) => stepsOf(state, process)));
      return [...steps.flat(), ...(await deliveriesOf(state))];
    },
    async runAlone(state: EngineState, operation: string): Promise<EngineState> {
      let now = enter(state, await processOf(operation, [], -1));
      for (let [process] = now.processes; process; [process] = now.processes) {
        if (process.standing.kind !== 'calls') break;
        const { state: after, answer } = answered(now, process.standing.call);
        now = await goOn(after, process, answer);
      }
      return { ...now, messages: [] };
    },
  };
}

const LOST: Answer = {
  text: 'lost',
  value: undefined,
  error: new UnavailableError({ code: 'lost', message: 'No answer has come.' }),
};

/** The stream tells of every commit, some time later. */
function repeatsOf(messages: readonly string[], writes: readonly LedgerWrite[]): readonly string[] {
  const told = writes.flatMap((write) => {
    if (write.kind === 'execution') return ['repeat execution'];
    return write.kind === 'task' ? [`repeat task ${write.record.path}`] : [];
  });
  return told.reduce(added, messages);
}

function tokenAnswered(
  { plan }: EngineModelOptions,
  state: EngineState,
  { token, isSuccess }: { readonly token: string; readonly isSuccess: boolean },
): { readonly state: EngineState; readonly answer: Answer } {
  const isAnswered = (one: string) => state.effects.some((effect) => effect.startsWith(`token ${one} `));
  const isWaiting = !isAnswered(token);
  const answer = { text: String(isWaiting), value: isWaiting };
  if (!isWaiting) return { state, answer };
  const effects = added(state.effects, `token ${token} ${isSuccess ? 'succeeded' : 'failed'}`);
  const isOver = !isSuccess || plan.members.every((member) => member === token || isAnswered(member));
  const messages = isOver && token !== 'conclude' ? added(state.messages, 'conclude') : state.messages;
  return { state: { ...state, effects, messages }, answer };
}

function effectOf(port: string, method: string, args: readonly unknown[]): string | undefined {
  if (port !== 'agents') return undefined;
  if (method === 'cancel') return `cancel ${String(args[0])}`;
  const { path, attempt } = args[0] as AgentCall;
  return `call ${path}#${attempt}`;
}

function messageOf(port: string, args: readonly unknown[]): string {
  if (port === 'agents') {
    const { path, attempt } = args[0] as AgentCall;
    return `answer ${path}#${attempt}`;
  }
  return `timer ${JSON.stringify(args[0])}`;
}

/** An hour after everything else: timers are due, whatever they are about; clocks that differ do no harm. */
const HOUR = 3_600_000;
const LATE = midnight + HOUR;
/** What is not mended by then never is. */
const MOST_SWEEPS = 4;

function operationOf(plan: Plan, operation: string, fails: EngineModelOptions['fails'] = () => false): Operation {
  const [verb = '', what = '', more = ''] = operation.split(' ');
  return async (ask) => {
    const asides: Promise<unknown>[] = [];
    const now = verb === 'sweep' ? LATE + Number(what) * HOUR : verb === 'timer' ? LATE : midnight;
    const engine = engineOf(plan, { ask, now, aside: (work) => asides.push(work) });
    await perform(engine);
    for (let at = 0; at < asides.length; at += 1) await asides[at];
  };
  function perform(engine: Engine): Promise<unknown> {
    const execution = EXECUTION;
    const [path = '', attempt = '1'] = what.split('#');
    const handle = signHandle(SECRET, {
      tenant: TENANT,
      execution,
      path: taskPath(path || 'none'),
      attempt: Number(attempt),
    });
    switch (verb) {
      case 'start':
        return engine.start({ workflow: 'review', version: '1', input: {} }, execution);
      case 'begin':
        return engine.begin({ execution, workflow: 'review', version: '1', input: {} });
      case 'dispatch':
        return engine.dispatch({ execution, task: what, rounds: [], token: what });
      case 'answer':
        return fails(path, Number(attempt))
          ? engine.answers.fail(handle, { name: 'Flaky', message: 'it failed', retryable: true })
          : engine.answers.complete(handle, {});
      case 'cancel':
        return engine.cancel(execution, 'somebody');
      case 'pause':
        return engine.pause(execution, { by: 'somebody' });
      case 'unpause':
        return engine.unpause(execution, { by: 'somebody' });
      case 'conclude':
        return engine.conclude(execution, 'conclude');
      case 'repeat':
        return engine.repeat(
          what === 'task' ? { kind: 'task', execution, path: taskPath(more) } : { kind: 'execution', execution },
        );
      case 'sweep':
        return engine.sweep(execution, { grace: 60_000, every: 300_000 });
      case 'timer':
        return engine.onTimer(JSON.parse(operation.slice('timer '.length)) as Timer);
      default:
        throw new Error(`nothing is called ${operation}`);
    }
  }
}

interface Surroundings {
  readonly ask: (call: PortCall) => Promise<unknown>;
  readonly now: number;
  readonly aside: (work: Promise<unknown>) => void;
}

function engineOf(plan: Plan, { ask, now, aside }: Surroundings): Engine {
  /** Every method of a port is a call that leaves the process. */
  const asking = <Port extends object>(port: string, own: Partial<Port> = {}): Port =>
    new Proxy(own as Port, {
      get: (target, method) =>
        (Reflect.get(target, method) as unknown) ??
        ((...args: unknown[]) => ask({ port, method: String(method), args })),
    });
  const workflow: PublishedWorkflow = {
    name: 'review',
    version: '1',
    digest: 'd',
    plan,
    machine: {},
    agentTypes: { any_agent: { name: 'any_agent', runtime: 'local', module: '/any.ts', capabilities: [] } },
    publishedAt: 0,
  };
  const agents = { capacity: () => undefined, outlivesEngine: () => true };
  return createEngine({
    tenant: TENANT,
    engineId: 'eng_model',
    handleSecret: SECRET,
    ledger: asking<LedgerStore>('ledger', { durable: async () => undefined }),
    // Values of models stand in their records.
    blobs: asking('blobs'),
    definitions: { ...asking('definitions'), find: async () => workflow },
    agents: asking<AgentRuntime>('agents', agents),
    machines: { start: async () => undefined, stop: async () => undefined },
    tokens: asking('tokens'),
    timers: asking('timers'),
    bus: { publish: () => undefined },
    clock: { now: () => now },
    ids: { executionId: () => EXECUTION, engineId: () => 'eng_model', random: () => 0 },
    later: (run) => run(),
    aside,
    // What fails aside is acknowledged all the same: the stream repeats it.
    onError: () => undefined,
  });
}

const ledgerKeys = new WeakMap<LedgerState, number>();

function keyOf({ ledger, processes, messages, effects, faults, sweeps }: EngineState): string {
  let known = ledgerKeys.get(ledger);
  if (known === undefined) {
    known = numberOf([...ledger].map(([key, number]) => `${key}=${number}`).sort());
    ledgerKeys.set(ledger, known);
  }
  return [known, processes.map(({ id }) => id).join(','), messages.join(), effects.join(), faults, sweeps].join('|');
}

function sorted(texts: readonly string[]): readonly string[] {
  return texts.toSorted();
}

/** As a set: a text that is there is not added. */
function added(texts: readonly string[], text: string): readonly string[] {
  return texts.includes(text) ? texts : sorted([...texts, text]);
}

export function executionOf({ ledger }: EngineState): ExecutionRecord {
  return readFrom(ledger, 'findExecution', [EXECUTION]) as ExecutionRecord;
}

export function taskOf({ ledger }: EngineState, path: string): TaskRecord | undefined {
  return readFrom(ledger, 'findTask', [EXECUTION, path]) as TaskRecord | undefined;
}

export function tasksOf({ ledger }: EngineState): readonly TaskRecord[] {
  return readFrom(ledger, 'listTasks', [EXECUTION]) as readonly TaskRecord[];
}

export function eventsOf({ ledger }: EngineState): readonly SkeinEvent[] {
  return readFrom(ledger, 'listEvents', [EXECUTION]) as readonly SkeinEvent[];
}
