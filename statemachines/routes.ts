import { InvariantError } from '../core/errors/index.ts';
import type { Branch, State } from './asl/asl.ts';
import { isTerminal, targetsOf } from './asl/structure.ts';
import { iterationsIn } from './lower/loop-condition.ts';

/** The least and the most that an execution can go through. */
export type Extreme = 'shortest' | 'longest';

/** A state, or a loop, on a route through a branch. */
export interface Stop {
  readonly name: string;
  /** How often it is gone through: once, or as often as the loop repeats. */
  readonly times: number;
  /** Of all times, with everything inside. */
  readonly weight: number;
  /** What a loop repeats, or what the branches of a Parallel go through. */
  readonly inside: readonly Stop[];
}

/** What a state weighs each time it is entered, without what is inside it. */
export type Weigh = (state: State) => number;

export function weightOf(route: readonly Stop[]): number {
  return route.reduce((sum, { weight }) => sum + weight, 0);
}

/**
 * The lightest or the heaviest way through a branch, whatever its tasks answer. Loops are gone through once, or as often as their
 * conditions allow. States stand in the order in which they come, as the press writes them: what leads backwards closes a loop.
 */
export function routeThrough(branch: Branch, extreme: Extreme, weigh: Weigh): readonly Stop[] {
  return new RouteSearch(branch, extreme, weigh).run();
}

interface Place {
  readonly name: string;
  readonly state: State;
  /** The best way to come here: its weight, and the place before. */
  arrival?: { readonly weight: number; readonly from: Place | undefined };
  stop?: Stop;
  /** The first place of the loop that is closed here, and how often it is gone through. */
  loop?: { readonly first: Place; readonly times: number };
}

class RouteSearch {
  readonly #extreme: Extreme;
  readonly #weigh: Weigh;
  /** By name, in the branch's order. */
  readonly #places: ReadonlyMap<string, Place>;
  readonly #start: string;

  constructor({ StartAt, States }: Branch, extreme: Extreme, weigh: Weigh) {
    this.#extreme = extreme;
    this.#weigh = weigh;
    this.#places = new Map(Object.entries(States).map(([name, state]) => [name, { name, state }]));
    this.#start = StartAt;
  }

  run(): readonly Stop[] {
    this.#get(this.#start).arrival = { weight: 0, from: undefined };
    const seen = new Set<Place>();
    let end: Place['arrival'];
    for (const place of this.#places.values()) {
      if (!place.arrival) continue;
      seen.add(place);
      place.stop = this.#stopAt(place);
      const targets = targetsOf(place.state).map((name) => this.#get(name));
      const first = targets.find((target) => seen.has(target));
      if (first) place.loop = { first, times: this.#timesOf(place) };
      const weight = this.#weightBehind(place);
      const further = targets.filter((target) => !seen.has(target));
      for (const target of further) target.arrival = this.#better(target.arrival, { weight, from: place });
      if (isTerminal(place.state)) end = this.#better(end, { weight, from: place });
    }
    return folded(end?.from);
  }

  #get(name: string): Place {
    const place = this.#places.get(name);
    if (place) return place;
    throw new InvariantError({ code: 'dangling_state', message: `The machine has no state ${name}.` });
  }

  #stopAt({ name, state }: Place): Stop {
    const branches = state.Type === 'Parallel' ? state.Branches : [];
    const inside = branches.flatMap((branch) => routeThrough(branch, this.#extreme, this.#weigh));
    return { name, times: 1, weight: this.#weigh(state) + weightOf(inside), inside };
  }

  /** With the loop that is closed here gone through as often as it is. */
  #weightBehind({ arrival, stop, loop }: Place): number {
    const once = (arrival?.weight ?? 0) + (stop?.weight ?? 0);
    return loop ? once + (loop.times - 1) * (once - (loop.first.arrival?.weight ?? 0)) : once;
  }

  #timesOf({ name, state }: Place): number {
    const conditions = state.Type === 'Choice' ? state.Choices.map(({ Condition }) => Condition) : [];
    const times = conditions.map(iterationsIn).find((bound) => bound !== undefined);
    if (times === undefined)
      throw new InvariantError({ code: 'unbounded_loop', message: `Nothing bounds the loop that ${name} closes.` });
    return this.#extreme === 'shortest' ? 1 : times;
  }

  #better(one: Place['arrival'], other: NonNullable<Place['arrival']>): NonNullable<Place['arrival']> {
    if (!one) return other;
    return (this.#extreme === 'shortest' ? other.weight < one.weight : other.weight > one.weight) ? other : one;
  }
}

/** The way to the end, from its start, each loop as one stop. It has the name of the state before it, which sets its number to 0. */
function folded(end: Place | undefined): readonly Stop[] {
  const way: Place[] = [];
  for (let place = end; place; place = place.arrival?.from) way.push(place);
  const stops: { readonly place: Place; readonly stop: Stop }[] = [];
  for (const place of way.reverse()) {
    if (!place.stop) continue;
    stops.push({ place, stop: place.stop });
    const { loop } = place;
    if (!loop) continue;
    const from = stops.findLastIndex((it) => it.place === loop.first);
    const inside = stops.splice(from).map(({ stop }) => stop);
    const { name } = stops.at(-1)?.place ?? place;
    stops.push({ place: loop.first, stop: { name, times: loop.times, weight: loop.times * weightOf(inside), inside } });
  }
  return stops.map(({ stop }) => stop);
}
