import { Contradiction } from './judge.ts';
import type { Observed } from './observed.ts';
import { executionOf } from './places.ts';
import type { State } from './state.ts';
import { nextMoment, stepsOf, type Step } from './steps.ts';

/** For each thing that was observed: steps after which the search gives up. A right engine needs three. */
const MOST_STEPS = 30;

/** A limit, so that a wrong engine cannot make the complaint endless. */
const MOST_COMPLAINTS = 8;

/** Looks for an order of steps that an observation does not contradict. */
export class Search {
  readonly #rank: ReadonlyMap<string, number>;
  /** States from which nothing leads to the end. */
  readonly #dead = new Set<string>();
  #complaints = new Set<string>();
  #furthest = -1;
  #steps = 0;

  readonly #mostSteps: number;

  readonly #objections: (end: State) => readonly string[];

  /** `objections`: to an end that was come to. */
  constructor(observed: Observed, objections: (end: State) => readonly string[]) {
    this.#objections = objections;
    this.#rank = ranksOf(observed);
    this.#mostSteps = MOST_STEPS * (observed.order.length + 10);
  }

  get complaints(): string[] {
    const gaveUp =
      this.#steps > this.#mostSteps ? [`no order that explains it was found in ${this.#mostSteps} steps`] : [];
    return [...this.#complaints].slice(0, MOST_COMPLAINTS).concat(gaveUp);
  }

  /** Is there a way from here to an end to which there are no objections? */
  explains(start: State): boolean {
    return this.#goesStraight(start.copy()) || this.#finds(start);
  }

  /** Always the likeliest: mostly that is right, and no copies are needed. */
  #goesStraight(state: State): boolean {
    while (state.execution('').endedAs === undefined) {
      const [likeliest] = this.#optionsOf(state);
      if (!likeliest || !this.#take(likeliest, state)) return false;
    }
    return this.#accepts(state);
  }

  #accepts(end: State): boolean {
    const objections = this.#objections(end);
    for (const objection of objections) this.#complain(end, objection);
    return objections.length === 0;
  }

  #finds(state: State): boolean {
    while (state.execution('').endedAs === undefined) {
      const options = this.#optionsOf(state);
      const [only] = options;
      if (!only || this.#steps > this.#mostSteps) return false;
      if (options.length > 1) return this.#findsAfterOneOf(options, state);
      if (!this.#take(only, state)) return false;
    }
    return this.#accepts(state);
  }

  #findsAfterOneOf(options: readonly Step[], state: State): boolean {
    if (this.#dead.size > 0 && this.#dead.has(signatureOf(state))) return false;
    for (const option of options) {
      const next = state.copy();
      if (this.#take(option, next) && this.#finds(next)) return true;
    }
    this.#dead.add(signatureOf(state));
    return false;
  }

  /** What may happen next, likeliest first. */
  #optionsOf(state: State): Step[] {
    const steps = stepsOf(state);
    const sorted = steps
      .map((step) => ({ step, rank: this.#rankOf(step) }))
      .sort((a, b) => a.rank - b.rank)
      .map(({ step }) => step);
    return steps.every(({ isOptional }) => isOptional) ? [...sorted, { mark: '', take: advance }] : sorted;
  }

  /** What nobody could see comes first. */
  #rankOf({ mark }: Step): number {
    if (mark === '') return -1;
    return Math.min(...mark.split('|').map((one) => this.#rank.get(one) ?? Infinity));
  }

  #take(step: Step, state: State): boolean {
    this.#steps += 1;
    try {
      step.take(state);
      return true;
    } catch (error) {
      if (!(error instanceof Contradiction)) throw error;
      this.#complain(state, error.message);
      return false;
    }
  }

  /** Only what was found out where the search came furthest says anything. */
  #complain({ explained }: State, message: string): void {
    if (explained < this.#furthest) return;
    if (explained > this.#furthest) this.#complaints = new Set();
    this.#furthest = explained;
    this.#complaints.add(message);
  }
}

/** When each thing may have happened: as it was seen, save what can only have been set going before a stop that overtook it. */
function ranksOf({ order, tasks, calls }: Observed): Map<string, number> {
  // Calls of a `for_each` that have an entry were started, whenever that was; there is no other sign of it.
  const ranks = new Map<string, number>(tasks.map(({ path }) => [`entry ${path}`, -1]));
  const neverRan = tasks.filter(({ status }) => status === 'skipped' || status === 'upstream_failed');
  const ahead = new Set([
    ...calls.map(({ path, attempt }) => `call ${path}#${attempt}`),
    ...neverRan.map(({ path }) => `settle ${path}`),
  ]);
  const stops = new Map<string, number>();
  order.forEach((mark, position) => {
    const [, kind, place = ''] = /^(\w+) (.*?)(?:#\d+)?$/.exec(mark) ?? [];
    if (kind === 'stop') stops.set(place, position);
    const stop = stops.get(executionOf(place));
    const wasAhead = kind === 'open' || kind === 'start' || ahead.has(mark);
    // Just before a stop comes the failure that brought it, with which it is one step.
    ranks.set(mark, stop !== undefined && wasAhead ? stop - 1.5 : position);
  });
  return ranks;
}

function advance(state: State): void {
  const to = nextMoment(state);
  state.setting.witness.advancing(state, to);
  if (to === Infinity) throw new Contradiction(`at ${state.now} the rules know nothing that could still happen`);
  state.now = to;
}

/** How the settled entries ended was held against the observation, so states with the same signature have the same future. */
function signatureOf(state: State): string {
  const { now, outside, commands, explained, events } = state;
  const live = state
    .live()
    .map(({ place, phase, attempts, given, endings, dueAt, said, unsettled, progress, inside, isLoose }) =>
      JSON.stringify([
        place,
        phase,
        attempts,
        given,
        endings,
        dueAt,
        said,
        unsettled,
        progress,
        inside?.prefix,
        isLoose,
      ]),
    );
  const executions = [...state.executions].map(({ place, stop, isToldToStop, pausedAt, endedAs }) =>
    JSON.stringify([place, stop, isToldToStop, pausedAt, endedAs]),
  );
  const known = events.map(({ at, shown }) => JSON.stringify([at, shown]));
  const places = [...state.entries].map(({ place }) => place);
  return [now, outside, commands, explained, places.sort().join(), ...live.sort(), ...executions.sort(), ...known].join(
    '\n',
  );
}
