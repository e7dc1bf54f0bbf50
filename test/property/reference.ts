import type { Json } from '../../core/json/index.ts';
import type { Scenario } from '../../simulation/index.ts';
import { startExecution } from './moves.ts';
import type { Observed, ObservedCall, ObservedExecution, ObservedTask } from './observed.ts';
import { readScenario } from './reading.ts';
import { theRules } from './replaceable-rules.ts';
import { State, type Entry, type Execution } from './state.ts';
import { nextMoment, stepsOf } from './steps.ts';
import type { Witness } from './state.ts';

/**
 * The rules as a program: a discrete-event simulation in which nothing but agents, retry delays, waits and clocks takes time.
 * It knows no plan, no ASL and no ledger. What the rules leave open is asked of `choose`:
 * - which of the things that are due in the same millisecond happens first,
 * - who of the waiting gets a free place,
 * - the delay that full jitter draws, and what is read of a task that is changing at that moment.
 * With the same choices the result is the same.
 */
export interface Freedom {
  /** An integer from 0 to options - 1. */
  choose(options: number): number;
}

export const firstComesFirst: Freedom = { choose: () => 0 };

/** Steps after which a simulation has certainly lost its way. */
const MOST_STEPS = 100_000;

/** Writes down what happens. */
class Recorder implements Witness {
  readonly tasks: ObservedTask[] = [];
  readonly calls: ObservedCall[] = [];
  readonly order: string[] = [];
  readonly ends = new Map<string, ObservedExecution>();
  readonly #freedom: Freedom;

  constructor(freedom: Freedom) {
    this.#freedom = freedom;
  }

  called({ now }: State, { place, attempts, given, part }: Entry): void {
    this.order.push(`call ${place}#${attempts}`);
    const { index = 0, count = 1 } = part ?? {};
    this.calls.push({ path: place, attempt: attempts, at: now, input: given, index, count });
  }

  settled(_state: State, { place, attempts, result }: Entry): void {
    if (!result) return;
    this.order.push(`settle ${place}`);
    const { at, status, output, error } = result;
    this.tasks.push({ path: place, status, attempts, output, error, settledAt: at });
  }

  opened(_state: State, { place }: Entry, round?: number): void {
    this.order.push(round === undefined ? `open ${place}` : `open ${place}#${round}`);
  }

  started(_state: State, { place }: Execution): void {
    this.order.push(`start ${place}`);
  }

  stopped(_state: State, { place }: Execution): void {
    this.order.push(`stop ${place}`);
  }

  ended({ now }: State, { place, endedAs }: Execution, output: Json): void {
    this.order.push(`end ${place}`);
    this.ends.set(place, { status: endedAs ?? 'failed', output, endedAt: now, completions: 1 });
  }

  delayOf(_state: State, _entry: Entry, { least, most }: { least: number; most: number }): number {
    return least + this.#freedom.choose(most - least + 1);
  }

  advancing(): void {
    // Time is free here.
  }

  observed(): Observed {
    const { '': own, ...children } = Object.fromEntries(this.ends);
    if (!own) throw new Error('the reference has not come to an end');
    return { ...own, children, tasks: this.tasks, calls: this.calls, order: this.order };
  }
}

/** One of the ways in which the rules let a scenario go. */
export function reference(scenario: Scenario, freedom = firstComesFirst, rules = theRules): Observed {
  const recorder = new Recorder(freedom);
  const workflow = readScenario(scenario);
  const state = new State({ scenario, workflow, rules, witness: recorder });
  startExecution(state, '', { workflow, timeout: Infinity, input: scenario.input });
  for (let taken = 0; state.execution('').endedAs === undefined; taken += 1) {
    if (taken === MOST_STEPS) throw new Error(`the reference is still going on after ${MOST_STEPS} steps`);
    const steps = stepsOf(state);
    const needed = steps.filter(({ isOptional }) => !isOptional);
    const options = [...needed, ...steps.filter(({ isOptional }) => isOptional)];
    if (needed.length > 0) options[freedom.choose(options.length)]?.take(state);
    else state.now = nextMoment(state);
  }
  return recorder.observed();
}
