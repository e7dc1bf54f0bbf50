import { UnavailableError } from '../../core/errors/index.ts';
import {
  isTerminal,
  type BusEvent,
  type ControlRecord,
  type ExecutionRecord,
  type LimitRecord,
  type ParkedEntry,
  type SkeinEvent,
  type TaskRecord,
  type Watch,
} from '../../core/execution/index.ts';
import type { AgentCall, LedgerWrite, Timer } from '../../core/ports/index.ts';
import type { LedgerRecords } from '../../core/projections/index.ts';
import type { Action, Model } from './explore.ts';
import { commitTo, conditionOf, itemOf, itemsOf, numberOf, readFrom, type LedgerState } from './ledger-state.ts';
import type { Site } from './commit-sites.ts';
import { EXECUTION, named, operationOf, tokenIn, verbOf, wordAt, type Surroundings } from './operations.ts';
import { standingOf, type Answer, type PortCall, type Standing } from './stepwise.ts';

/** The engine on one ledger: functions that run side by side, messages on their way, and what has reached the world outside. */
export interface EngineState {
  readonly ledger: LedgerState;
  readonly processes: readonly Process[];
  /** Operations that are still to be run, sorted: `dispatch a`, `answer a#1`, `repeat task a`. */
  readonly messages: readonly string[];
  /** `call a#1`, `cancel a#1`, `token a succeeded`, `token a dead`, `machine exec_2`; sorted. */
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
const isGoal = (state: EngineState): boolean =>
  state.processes.length === 0 && isTerminal(executionOf(state)?.status ?? 'planning');

export type FaultKind = 'lost answer' | 'crash' | 'twice';

export interface EngineModelOptions extends Surroundings {
  readonly messages: readonly string[];
  /** What is done before everything else, alone; default: `start`, `begin`. */
  readonly before?: readonly string[];
  /** Functions that run at once. */
  readonly processes: number;
  readonly faults: number;
  readonly kinds: readonly FaultKind[];
  /** Machines that are started begin, and dispatch all of their tasks. */
  readonly startsMachines?: true;
  /** A state whose dispatch has failed is entered anew, with another token; the one before is dead. */
  readonly entersAnew?: true;
  /** Where the machine of the first execution waits, and ends when all have been answered; default: the tasks of its plan. */
  readonly states?: readonly string[];
  /** What follows an operation that has come to its end. */
  readonly afterOperation?: (operation: string) => readonly string[];
  /** What the machine does when a token has been answered; default: its conclude state follows the last of its tasks. */
  readonly afterToken?: (token: string, answer: unknown) => readonly string[];
  /** Agents give a sign of life. */
  readonly beats?: true;
  readonly isGoal?: (state: EngineState) => boolean;
  /** Timers that are part of the model; the others never fire. */
  readonly timers?: readonly Timer['kind'][];
  readonly invariants: Model<EngineState>['invariants'];
  readonly planted?: Planted;
  /** Without stream and sweeper: what they mend is broken then. */
  readonly alone?: true;
}

/** A condition that is not looked at: of which items (`task`, `control pool/slot`), and of whose commits; default: of all. */
export interface Blindness {
  readonly condition: string;
  readonly site?: Site;
}

/** A bug, planted into what the shipped functions stand on. */
export interface Planted {
  /** Conditions that the store does not look at. */
  readonly without?: readonly Blindness[];
  /** Another answer to a call of an operation than the world's; undefined: the world's. `heard`: what it was answered before. */
  readonly answers?: (operation: string, call: PortCall, heard: readonly Answer[]) => Answer | undefined;
}

/** The shipped functions of the engine, explored call by call. */
export async function createEngineModel(options: EngineModelOptions): Promise<Model<EngineState>> {
  const world = createWorld(options);
  const start = { ledger: new Map(), processes: [], messages: [], effects: [], faults: 0, sweeps: 0 } as const;
  let begun: EngineState = start;
  for (const operation of options.before ?? ['start', 'begin']) begun = await world.runAlone(begun, operation);
  return {
    initial: { ...begun, messages: sorted(options.messages), effects: [], faults: options.faults },
    key: keyOf,
    actions: (state) => world.actions(state),
    invariants: {
      ...options.invariants,
      'nothing fails': ({ effects }) => !effects.some((it) => it.startsWith('failed')),
    },
    isGoal: options.isGoal ?? isGoal,
  };
}

function createWorld(options: EngineModelOptions) {
  const { planted = {}, kinds } = options;
  const standings = new Map<number, Standing>();

  async function processOf(operation: string, answers: readonly Answer[], before: number): Promise<Process> {
    const id = numberOf([operation, before, answers.at(-1)?.text ?? '']);
    const standing = standings.get(id) ?? (await standingOf(operationOf(options, operation), answers));
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
    if (standing.error === undefined) return { ...state, messages: messagesAfter(options, state, operation) };
    if (standing.error === 'ConflictError' || standing.error === 'CapacityError') return state;
    if (standing.error === 'UnavailableError') return repeated(options, state, operation);
    return { ...state, effects: added(state.effects, `failed ${operation}: ${standing.error}`) };
  }

  /** What a call does to the world, and what it is answered. */
  function answered(state: EngineState, call: PortCall): Happening {
    const { port, method, args } = call;
    const said = (value: unknown) => ({ text: String(numberOf(value ?? null)), value });
    if (port === 'ledger' && method === 'commit') {
      // The engine's own writes.
      const writes = args[0] as readonly LedgerWrite[];
      const ledger = commitTo(state.ledger, writes, (write) => isBlind(planted, write, call.site));
      if (!ledger) return { state, answer: said('conflict') };
      const messages = options.alone ? state.messages : repeatsOf(state.messages, writes);
      const effects = writtenOver(state, writes).reduce(added, state.effects);
      return { state: { ...state, ledger, messages, effects }, answer: said('committed') };
    }
    if (port === 'ledger') {
      const value = readFrom(state.ledger, method, args);
      return { state, answer: { ...said(value), value } };
    }
    if (port === 'tokens') return tokenAnswered(options, state, call);
    const effect = effectOf(port, method, args);
    const messages = messagesOf(options, state, call).reduce(added, state.messages);
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
      const next = repeated(options, { ...state, processes, faults }, operation);
      steps.push({ name: `${operation} crashes before ${call.port}.${call.method}`, next, isFault: true });
    }
    return steps;
  }

  async function deliveriesOf(state: EngineState): Promise<readonly Action<EngineState>[]> {
    if (state.processes.length >= options.processes) return [];
    // It looks for what has been due for a minute, and by then all that was on its way has come.
    const isQuiet = state.processes.length === 0 && state.messages.length === 0;
    if (isQuiet && !options.alone && !(options.isGoal ?? isGoal)(state) && state.sweeps < MOST_SWEEPS) {
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

interface Happening {
  readonly state: EngineState;
  readonly answer: Answer;
}

function isBlind({ without = [] }: Planted, write: LedgerWrite, site: Site | undefined): boolean {
  const condition = conditionOf(write);
  return without.some((blind) => blind.condition === condition && (blind.site ?? site) === site);
}

/** Events that stood there before: nobody may change what has happened. */
function writtenOver({ ledger }: EngineState, writes: readonly LedgerWrite[]): readonly string[] {
  return writes.flatMap((write) => {
    const isThere = write.kind === 'event' && ledger.has(itemOf(write));
    return isThere ? [`written over: ${itemOf(write)}`] : [];
  });
}

/** An operation that has come to nothing is asked for again. */
function repeated({ entersAnew }: EngineModelOptions, state: EngineState, operation: string): EngineState {
  const { verb, execution } = verbOf(operation);
  const before = wordAt(operation, 1);
  if (!entersAnew || verb !== 'dispatch') return { ...state, messages: sorted([...state.messages, operation]) };
  const [path = '', count = '1'] = before.split('~');
  const messages = sorted([...state.messages, named('dispatch', execution, `${path}~${Number(count) + 1}`)]);
  return { ...state, messages, effects: added(state.effects, `token ${tokenIn(execution, before)} dead`) };
}

/** A machine that has begun dispatches what it has. */
function messagesAfter(options: EngineModelOptions, { messages }: EngineState, operation: string): readonly string[] {
  const { startsMachines, afterOperation = () => [] } = options;
  const { verb, execution } = verbOf(operation);
  const states = startsMachines && verb === 'begin' ? statesOf(options, execution) : [];
  return [...states.map((state) => named('dispatch', execution, state)), ...afterOperation(operation)].reduce(
    added,
    messages,
  );
}

function statesOf(
  { plans, states, workflowOf = () => 'review' }: EngineModelOptions,
  execution: string,
): readonly string[] {
  return (execution === EXECUTION ? states : undefined) ?? plans[workflowOf(execution)]?.members ?? [];
}

/** The stream tells of every commit, some time later. */
function repeatsOf(messages: readonly string[], writes: readonly LedgerWrite[]): readonly string[] {
  const told = writes.flatMap((write) => {
    if (write.kind === 'execution') return [named('repeat', write.record.id, 'execution')];
    if (write.kind === 'task') return [named('repeat', write.record.execution, `task ${write.record.path}`)];
    if (write.kind === 'bus_event') return [`changed bus_event ${write.event.type}`];
    const isOfGate = write.kind === 'control' && /^(breaker|pool|rate|cache)\//.test(write.record.key);
    return isOfGate ? [`changed control ${write.record.key}`] : [];
  });
  return told.reduce(added, messages);
}

const CONCLUDE = 'conclude';

function tokenAnswered(options: EngineModelOptions, state: EngineState, { method, args }: PortCall): Happening {
  const [token, said] = [String(args[0]), args[1]];
  /** By whichever token of the state. */
  const isAnswered = (one: string) =>
    state.effects.some(
      (it) => (it.startsWith(`token ${one} `) || it.startsWith(`token ${one}~`)) && !it.endsWith(' dead'),
    );
  const isWaiting = !isAnswered(token) && !state.effects.includes(`token ${token} dead`);
  const answer = { text: String(isWaiting), value: isWaiting };
  if (!isWaiting) return { state, answer };
  const isSuccess = method === 'succeed';
  const effects = added(state.effects, `token ${token} ${isSuccess ? 'succeeded' : 'failed'}`);
  const [, execution = EXECUTION, name = ''] = /^(?:(exec_[^/]*)\/)?([^~]+)/.exec(token) ?? [];
  const { afterToken } = options;
  const isLast = (): boolean =>
    name !== CONCLUDE &&
    (!isSuccess || statesOf(options, execution).every((it) => it === name || isAnswered(tokenIn(execution, it))));
  const next = afterToken && isSuccess ? afterToken(token, said) : isLast() ? [named(CONCLUDE, execution)] : [];
  return { state: { ...state, effects, messages: next.reduce(added, state.messages) }, answer };
}

function effectOf(port: string, method: string, args: readonly unknown[]): string | undefined {
  if (port === 'machines') return `machine ${String(args[0])}`;
  if (port !== 'agents') return undefined;
  if (method === 'cancel') return `cancel ${String(args[0])}`;
  const { execution, path, attempt } = args[0] as AgentCall;
  return `call ${tokenIn(execution, path)}#${attempt}`;
}

/** What comes of a call of a port, some time later. */
function messagesOf(
  options: EngineModelOptions,
  { effects }: EngineState,
  { port, method, args }: PortCall,
): readonly string[] {
  const { timers = [], beats, startsMachines } = options;
  if (port === 'machines') {
    const isNew = startsMachines === true && !effects.includes(`machine ${String(args[0])}`);
    return isNew ? [named('begin', String(args[0]))] : [];
  }
  if (port === 'agents' && method === 'call') {
    const { execution, path, attempt } = args[0] as AgentCall;
    const scope = `${path}#${attempt}`;
    return [named('answer', execution, scope), ...(beats ? [named('heartbeat', execution, scope)] : [])];
  }
  if (port !== 'timers') return [];
  const timer = args[0] as Timer;
  return timers.includes(timer.kind) ? [`timer ${JSON.stringify(timer)}`] : [];
}

/** What is not mended by then never is. */
const MOST_SWEEPS = 4;

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

export function executionOf({ ledger }: EngineState, id: string = EXECUTION): ExecutionRecord | undefined {
  return readFrom(ledger, 'findExecution', [id]) as ExecutionRecord | undefined;
}

export function taskOf({ ledger }: EngineState, path: string): TaskRecord | undefined {
  return readFrom(ledger, 'findTask', [EXECUTION, path]) as TaskRecord | undefined;
}

export function tasksOf({ ledger }: EngineState, id: string = EXECUTION): readonly TaskRecord[] {
  return readFrom(ledger, 'listTasks', [id]) as readonly TaskRecord[];
}

export function eventsOf({ ledger }: EngineState, id: string = EXECUTION): readonly SkeinEvent[] {
  return readFrom(ledger, 'listEvents', [id]) as readonly SkeinEvent[];
}

export function controlsOf({ ledger }: EngineState, folder: string): readonly ControlRecord[] {
  return readFrom(ledger, 'listControls', [folder]) as readonly ControlRecord[];
}

/** Everything in the ledger that belongs to an execution that there is, but its events. */
export function recordsOf(state: EngineState, id: string = EXECUTION): LedgerRecords {
  const execution = executionOf(state, id);
  if (!execution) throw new Error(`there is no execution ${id}`);
  const all = (kind: string) => itemsOf(state.ledger, kind);
  const own = (kind: string) => all(kind).filter((item) => (item as { readonly execution: string }).execution === id);
  return {
    execution,
    tasks: tasksOf(state, id),
    limits: own('limit') as LimitRecord[],
    parked: own('parked') as ParkedEntry[],
    watches: own('watch') as Watch[],
    children: (all('execution') as ExecutionRecord[]).filter(({ parent }) => parent?.execution === id),
    published: all('bus_event') as BusEvent[],
  };
}
