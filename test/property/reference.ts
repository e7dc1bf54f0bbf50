import type { SettledTaskStatus } from '../../core/execution/index.ts';
import type { Json } from '../../core/json/index.ts';
import { behaviourOf, type Scenario, type ScriptedError } from '../makers/scenario.ts';
import { EvaluationError, render, type Scope } from './expression.ts';
import type { Observed, ObservedCall, ObservedTask } from './observed.ts';
import {
  ancestorsOf,
  leavesOf,
  readScenario,
  stopsExecution,
  type Edge,
  type Reading,
  type Task,
  type Unit,
} from './reading.ts';
import {
  containerStatus,
  endingsOf,
  entranceOf,
  mayRetry,
  retryDelay,
  stoppedByWord,
  verdictOf,
  type Ending,
} from './rules.ts';

/**
 * The rules as a program: a discrete-event simulation in which nothing but agents, retry delays and clocks takes time.
 * It knows no plan, no ASL and no ledger. What the rules leave open is asked of `choose`:
 * - which of the things that are due in the same millisecond happens first,
 * - who of the waiting gets a free place under `max_parallel`,
 * - the delay that full jitter draws.
 * With the same choices the result is the same.
 */
export interface Freedom {
  /** An integer from 0 to options - 1. */
  choose(options: number): number;
}

/** Rules that a test may replace by wrong ones, to see that they are missed. */
export interface ReplaceableRules {
  readonly verdictOf: typeof verdictOf;
  readonly mayRetry: typeof mayRetry;
  readonly containerStatus: typeof containerStatus;
}

export const theRules: ReplaceableRules = { verdictOf, mayRetry, containerStatus };
export const firstComesFirst: Freedom = { choose: () => 0 };

interface UnitState {
  readonly unit: Unit;
  phase: 'waiting' | 'running' | 'retrying' | 'settled';
  attempts: number;
  /** What the first attempt was given; every later one is given the same. */
  input: Json;
  /** Of the running attempt. */
  endings: Ending[];
  /** Of the next attempt. */
  dueAt: number;
}

type StopReason = 'failed' | 'cancelled' | 'timed_out';

class Simulation {
  readonly #reading: Reading;
  readonly #freedom: Freedom;
  readonly #rules: ReplaceableRules;
  readonly #states: readonly UnitState[];
  readonly #settled = new Map<string, ObservedTask>();
  readonly #calls: ObservedCall[] = [];
  #now = 0;
  #stop: { readonly reason: StopReason; readonly cutAt: number } | undefined;

  constructor(scenario: Scenario, freedom: Freedom, rules: ReplaceableRules) {
    this.#reading = readScenario(scenario);
    this.#freedom = freedom;
    this.#rules = rules;
    this.#states = this.#reading.units.map((unit) => ({
      unit,
      phase: 'waiting',
      attempts: 0,
      input: null,
      endings: [],
      dueAt: 0,
    }));
  }

  run(): Observed {
    while (this.#states.some(({ phase }) => phase !== 'settled')) {
      const steps = this.#steps();
      if (steps.length > 0) steps[this.#freedom.choose(steps.length)]?.();
      else this.#now = this.#nextMoment();
    }
    return {
      ...this.#outcome(),
      endedAt: this.#now,
      completions: 1,
      tasks: [...this.#settled.values()],
      calls: this.#calls,
    };
  }

  /** Everything that can happen in this millisecond, each as what would happen. */
  #steps(): (() => void)[] {
    const { timeout, scenario } = this.#reading;
    const steps = this.#states.flatMap((state) => this.#stepsOf(state));
    if (this.#stop?.cutAt === this.#now) steps.push(() => this.#abandon());
    if (!this.#stop && timeout === this.#now) steps.push(() => this.#stopBecause('timed_out'));
    if (!this.#stop && scenario.cancelAt === this.#now) steps.push(() => this.#stopBecause('cancelled'));
    return steps;
  }

  #stepsOf(state: UnitState): (() => void)[] {
    if (state.phase === 'running')
      return state.endings.filter(({ at }) => at === this.#now).map((ending) => () => this.#end(state, ending));
    if (this.#stop) return [];
    if (state.phase === 'retrying' && state.dueAt > this.#now) return [];
    if (state.phase === 'settled' || (state.phase === 'waiting' && this.#verdict(state) === 'wait')) return [];
    if (this.#isHeldBack(state)) return [];
    return [() => (state.phase === 'retrying' ? this.#call(state, state.input) : this.#admit(state))];
  }

  /** `max_parallel` holds back only who would call an agent now. */
  #isHeldBack(state: UnitState): boolean {
    if (this.#states.filter(({ phase }) => phase === 'running').length < this.#reading.maxParallel) return false;
    if (state.phase === 'retrying') return true;
    return this.#verdict(state) === 'run' && entranceOf(state.unit.task, this.#scope(state.unit)).kind === 'start';
  }

  #nextMoment(): number {
    const moments = [
      ...this.#states.filter(({ phase }) => phase === 'running').flatMap(({ endings }) => endings.map(({ at }) => at)),
      ...this.#states.filter(({ phase }) => phase === 'retrying').map(({ dueAt }) => dueAt),
      this.#stop ? this.#stop.cutAt : Math.min(this.#reading.timeout, this.#reading.scenario.cancelAt ?? Infinity),
    ];
    const next = Math.min(...moments.filter((moment) => moment > this.#now));
    if (next === Infinity) throw new Error('the oracle is stuck: some task waits for nothing');
    return next;
  }

  #verdict({ unit }: UnitState) {
    const statusOf = (edge: Edge): SettledTaskStatus | undefined => this.#settled.get(edge.task)?.status;
    return this.#rules.verdictOf(unit.task, this.#reading.skipPropagates, statusOf);
  }

  #admit(state: UnitState): void {
    const verdict = this.#verdict(state);
    if (verdict === 'skip') return this.#settle(state, { status: 'skipped' });
    if (verdict === 'upstream_failed') return this.#settle(state, { status: 'upstream_failed' });
    const entrance = entranceOf(state.unit.task, this.#scope(state.unit));
    if (entrance.kind === 'skip') return this.#settle(state, { status: 'skipped' });
    if (entrance.kind === 'refuse') return this.#settle(state, { status: 'failed', error: { name: entrance.error } });
    this.#call(state, entrance.input);
  }

  #call(state: UnitState, input: Json): void {
    const { path, task, index, count } = state.unit;
    state.phase = 'running';
    state.input = input;
    state.attempts += 1;
    state.endings = endingsOf(task, behaviourOf(this.#reading.scenario.script, path, state.attempts), this.#now);
    this.#calls.push({ path, attempt: state.attempts, at: this.#now, input, index, count });
  }

  #end(state: UnitState, ending: Ending): void {
    if (ending.kind === 'succeeded') return this.#settle(state, { status: 'succeeded', output: ending.output });
    if (!this.#stop && this.#rules.mayRetry(state.unit.task, ending.error, state.attempts))
      return this.#park(state, ending.error);
    this.#settle(state, { status: 'failed', error: { name: ending.error.name } });
  }

  #park(state: UnitState, error: ScriptedError): void {
    const { least, most } = retryDelay(state.unit.task, error, state.attempts);
    state.phase = 'retrying';
    state.dueAt = this.#now + least + this.#freedom.choose(most - least + 1);
  }

  #settle(state: UnitState, result: Pick<ObservedTask, 'status' | 'error'> & { readonly output?: Json }): void {
    const { path, task } = state.unit;
    const { attempts } = state;
    state.phase = 'settled';
    this.#settled.set(path, { path, attempts, output: null, settledAt: this.#now, ...result });
    if (result.status === 'failed' && !this.#stop && stopsExecution(this.#reading, task)) this.#stopBecause('failed');
    if (task.items !== undefined) this.#settleContainer(task);
  }

  #settleContainer(task: Task): void {
    const states = this.#states.filter(({ unit }) => unit.task === task);
    if (this.#settled.has(task.id) || states.some(({ phase }) => phase !== 'settled')) return;
    const items = states.map(({ unit }) => this.#settled.get(unit.path)!);
    const status = this.#rules.containerStatus(items.map((item) => item.status));
    const error = items.find((item) => item.status === 'failed')?.error;
    const output = items.map((item) => item.output);
    this.#settled.set(task.id, { path: task.id, status, attempts: 0, output, error, settledAt: this.#now });
  }

  /** Nothing new starts from here on; `drain` waits for as long as the running attempts take. */
  #stopBecause(reason: StopReason): void {
    const patient = reason === 'failed' && this.#reading.onFailure === 'drain';
    this.#stop = { reason, cutAt: patient ? Infinity : this.#now + this.#reading.grace };
    for (const state of this.#states) {
      if (state.phase === 'waiting' || state.phase === 'retrying') this.#settle(state, { status: 'cancelled' });
      if (state.phase === 'running' && !patient) this.#tellToStop(state);
    }
  }

  #tellToStop(state: UnitState): void {
    const { script } = this.#reading.scenario;
    if (behaviourOf(script, state.unit.path, state.attempts).obeysStop !== true) return;
    const due = state.endings.filter(({ at }) => at === this.#now);
    state.endings = [...due, { at: this.#now, kind: 'failed', error: stoppedByWord }];
  }

  #abandon(): void {
    for (const state of this.#states) if (state.phase === 'running') this.#settle(state, { status: 'unknown' });
  }

  #scope(unit: Unit): Scope {
    const visible = [...ancestorsOf(this.#reading, unit.task.id)].map((id) => [id, this.#look(id)]);
    return {
      ...scopeOf(this.#reading, Object.fromEntries(visible) as Record<string, Json>),
      ...(unit.task.items === undefined ? {} : { index: unit.index }),
    };
  }

  #look(id: string): Json {
    const settled = this.#settled.get(id);
    const states = this.#states.filter(({ unit }) => unit.task.id === id);
    const attempts = states.reduce((sum, state) => sum + state.attempts, 0);
    if (settled) return { status: settled.status, output: settled.output, attempts };
    const running = states.some(({ phase }) => phase === 'running');
    return { status: running ? 'running' : 'pending', output: null, attempts };
  }

  #outcome(): Pick<Observed, 'status' | 'output'> {
    if (this.#stop) return { status: this.#stop.reason, output: null };
    return outcomeOf(this.#reading, this.#settled);
  }
}

/** Names in scope of every expression; `tasks` is up to the caller. */
export function scopeOf(reading: Reading, tasks: Readonly<Record<string, Json>>): Scope {
  const { name, version } = reading.scenario.document.workflow;
  return { input: reading.scenario.input, workflow: { name, version }, tasks };
}

/** How an execution that nothing stopped ends. */
export function outcomeOf(
  reading: Reading,
  settled: ReadonlyMap<string, Pick<ObservedTask, 'status' | 'output' | 'attempts'>>,
): Pick<Observed, 'status' | 'output'> {
  const failed = reading.units.some(
    ({ path, task }) => settled.get(path)?.status === 'failed' && !task.continueOnFailure,
  );
  if (failed) return { status: 'failed', output: null };
  const ofTask = (id: string): Json => settled.get(id)?.output ?? null;
  if (reading.output === undefined)
    return { status: 'succeeded', output: Object.fromEntries(leavesOf(reading).map(({ id }) => [id, ofTask(id)])) };
  const tasks = reading.tasks.map(({ id }): [string, Json] => {
    const entry = settled.get(id);
    return [id, { status: entry?.status ?? null, output: ofTask(id), attempts: entry?.attempts ?? null }];
  });
  try {
    return { status: 'succeeded', output: render(reading.output, scopeOf(reading, Object.fromEntries(tasks))) };
  } catch (error) {
    if (error instanceof EvaluationError) return { status: 'failed', output: null };
    throw error;
  }
}

/** One of the ways in which the rules let a scenario go. */
export function reference(scenario: Scenario, freedom = firstComesFirst, rules = theRules): Observed {
  return new Simulation(scenario, freedom, rules).run();
}
