import type { SettledTaskStatus } from '../../core/execution/index.ts';
import type { Json } from '../../core/json/index.ts';
import type { Scenario } from '../../simulation/index.ts';
import type { Region, Task, Workflow } from './reading.ts';
import type { ReplaceableRules } from './replaceable-rules.ts';
import type { Ending } from './rules.ts';

/** What stands between a join's `run` and the start of whatever the task does; `given` is what it starts with. */
export type Entrance =
  { readonly kind: 'start'; readonly given: Json } | { readonly kind: 'skip' } | { readonly kind: 'refuse' };

export type StopReason = 'failed' | 'cancelled' | 'timed_out';

/** A limit of attempts at once, and whose it is: an execution, or one opening of a group. */
export interface Limit {
  readonly of: string;
  readonly most: number;
}

/** A region that is open. */
export interface Frame {
  readonly execution: string;
  readonly region: Region;
  /** Before the ids of its members: `''`, `quality/`, `sub>refine[2]/`. */
  readonly prefix: string;
  /** Place of the group or loop around it. */
  readonly container: string | undefined;
  /** What the innermost loop around it shows. */
  readonly loop: { readonly index: number; readonly previous: Json } | undefined;
  readonly limits: readonly Limit[];
}

/** One of the items of a fan-out, or one call of a `for_each`. */
export interface Part {
  readonly of: 'fan' | 'each';
  readonly index: number;
  readonly count: number;
  /** What a call is about. */
  readonly item?: Json;
}

export interface Result {
  readonly status: SettledTaskStatus;
  readonly output: Json;
  readonly error?: { readonly name: string } | undefined;
  readonly at: number;
}

/**
 * `waiting` for its join, `queued` for a place, `running` an attempt, `retrying`: before the next one, `asleep` until a time or
 * an event, `starting` a child or having one, `open` with members inside.
 */
type Phase = 'waiting' | 'queued' | 'running' | 'retrying' | 'asleep' | 'child' | 'open' | 'settled';

/** How far a `for_each` is. */
export interface Progress {
  readonly calls: readonly Json[];
  readonly started: number;
  readonly failedItems: number;
  readonly tolerated: number;
}

/** What expressions see of a task. */
export interface Look {
  readonly status: string;
  readonly output: Json;
  readonly attempts: number;
}

export interface Entry {
  readonly place: string;
  readonly frame: Frame;
  readonly task: Task;
  readonly part: Part | undefined;
  /** Place of the container that waits for it. */
  readonly within: string | undefined;
  readonly phase: Phase;
  readonly attempts: number;
  /** What the first attempt was given, and every later one; what a wait waits for. */
  readonly given: Json;
  /** Of the running attempt. */
  readonly endings: readonly Ending[];
  /** When a pause is over. */
  readonly dueAt: number;
  /** While queued: what its expressions may have said since its join was decided. */
  readonly said: readonly Entrance[];
  /** Of an open container: members that have not settled. */
  readonly unsettled: number;
  /** Of an open loop. */
  readonly inside: Frame | undefined;
  readonly progress: Progress | undefined;
  /** A member was cancelled by a stop, at a moment that the rules leave open. */
  readonly isLoose: boolean;
  readonly result: Result | undefined;
  /** What it looked like earlier in the millisecond `lookedAt`. */
  readonly earlier: readonly Look[];
  readonly lookedAt: number;
}

export interface Execution {
  /** '' for the outermost. */
  readonly place: string;
  readonly workflow: Workflow;
  readonly input: Json;
  readonly startedAt: number;
  readonly deadline: number;
  /** How many events had been published when it started. */
  readonly eventsBefore: number;
  readonly root: Frame;
  readonly unsettled: number;
  /** A task has failed that should not have. */
  readonly isSpoilt: boolean;
  readonly isToldToStop: boolean;
  /** While it is paused. */
  readonly pausedAt: number | undefined;
  readonly stop: { readonly reason: StopReason; readonly at: number; readonly cutAt: number } | undefined;
  readonly endedAs: StopReason | 'succeeded' | undefined;
}

export interface PublishedEvent {
  readonly at: number;
  readonly type: string;
  readonly data: Json;
  /** As a task's output shows it. */
  readonly shown: Json;
}

/** What never changes while a scenario goes on. */
export interface Setting {
  readonly scenario: Scenario;
  readonly workflow: Workflow;
  readonly rules: ReplaceableRules;
  readonly witness: Witness;
}

/** Where a scenario stands at a moment. Its records are never changed but replaced, so that a copy is cheap. */
export class State {
  readonly setting: Setting;
  now = 0;
  /** Of the outside events, how many have been published. */
  outside = 0;
  /** Of the commands to pause and to go on, how many have been obeyed. */
  commands = 0;
  /** Observed facts that have been met so far. */
  explained = 0;
  events: readonly PublishedEvent[] = [];
  readonly #entries: Map<string, Entry>;
  readonly #executions: Map<string, Execution>;
  /** Places that have not settled, in the order in which they came to be. */
  readonly #live: Set<string>;

  constructor(setting: Setting, from?: State) {
    this.setting = setting;
    this.#entries = new Map(from ? from.#entries : []);
    this.#executions = new Map(from ? from.#executions : []);
    this.#live = new Set(from ? from.#live : []);
    if (!from) return;
    this.now = from.now;
    this.outside = from.outside;
    this.commands = from.commands;
    this.explained = from.explained;
    this.events = from.events;
  }

  copy(): State {
    return new State(this.setting, this);
  }

  get entries(): Iterable<Entry> {
    return this.#entries.values();
  }

  get executions(): Iterable<Execution> {
    return this.#executions.values();
  }

  live(): Entry[] {
    return [...this.#live].map((place) => this.entry(place));
  }

  find(place: string): Entry | undefined {
    return this.#entries.get(place);
  }

  entry(place: string): Entry {
    const entry = this.#entries.get(place);
    if (!entry) throw new Error(`the oracle has lost ${place}`);
    return entry;
  }

  execution(place: string): Execution {
    const execution = this.#executions.get(place);
    if (!execution) throw new Error(`the oracle has lost the execution ${place}`);
    return execution;
  }

  executionOf({ frame }: Entry): Execution {
    return this.execution(frame.execution);
  }

  add(entry: Entry): void {
    this.#entries.set(entry.place, entry);
    this.#live.add(entry.place);
    const execution = this.executionOf(entry);
    this.changeExecution(execution.place, { unsettled: execution.unsettled + 1 });
  }

  addExecution(execution: Execution): void {
    this.#executions.set(execution.place, execution);
  }

  changeExecution(place: string, change: Partial<Execution>): void {
    this.#executions.set(place, { ...this.execution(place), ...change });
  }

  change(place: string, change: Partial<Entry>): void {
    const before = this.entry(place);
    const looks = { earlier: [...(before.lookedAt === this.now ? before.earlier : []), lookOf(before)] };
    this.#entries.set(place, { ...before, ...looks, lookedAt: this.now, ...change });
  }

  settle(place: string, result: Result): void {
    this.change(place, { phase: 'settled', result });
    this.#live.delete(place);
    const execution = this.executionOf(this.entry(place));
    this.changeExecution(execution.place, { unsettled: execution.unsettled - 1 });
  }
}

const shownAs: Readonly<Record<Exclude<Phase, 'settled'>, string>> = {
  waiting: 'pending',
  queued: 'pending',
  running: 'running',
  retrying: 'pending',
  asleep: 'pending',
  child: 'running',
  open: 'running',
};

export function lookOf({ phase, result, attempts }: Entry): Look {
  if (result) return { status: result.status, output: result.output, attempts };
  return { status: phase === 'settled' ? 'pending' : shownAs[phase], output: null, attempts };
}

export const newEntry: Omit<Entry, 'place' | 'frame' | 'task'> = {
  part: undefined,
  within: undefined,
  phase: 'waiting',
  attempts: 0,
  given: null,
  endings: [],
  dueAt: Infinity,
  said: [],
  unsettled: 0,
  inside: undefined,
  progress: undefined,
  isLoose: false,
  result: undefined,
  earlier: [],
  lookedAt: -1,
};

/** Who is told what happens: one writes it down, another holds it against what an engine did. */
export interface Witness {
  called(state: State, entry: Entry): void;
  settled(state: State, entry: Entry): void;
  /** A container has opened, a loop its iteration `round`. */
  opened(state: State, entry: Entry, round?: number): void;
  started(state: State, execution: Execution): void;
  stopped(state: State, execution: Execution): void;
  ended(state: State, execution: Execution, output: Json): void;
  /** Milliseconds until the next attempt, within the closed range. */
  delayOf(state: State, entry: Entry, range: { readonly least: number; readonly most: number }): number;
  /** Nothing happens any more in this millisecond. */
  advancing(state: State, to: number): void;
}
