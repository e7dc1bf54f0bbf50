import type { SettledTaskStatus } from '../../core/execution/index.ts';
import { canonicalJson, type Json } from '../../core/json/index.ts';
import type { Observed, ObservedCall, ObservedTask } from './observed.ts';
import type { Task, Workflow } from './reading.ts';
import type { Entry, Execution, State } from './state.ts';
import type { Witness } from './state.ts';

/** What the rules say at this point, and the engine did not do. */
export class Contradiction extends Error {
  override readonly name = 'Contradiction';
}

/** Something observed at one moment that the rules must come to by then. */
interface Fact {
  readonly mark: string;
  readonly at: number;
}

const same = (left: Json, right: Json): boolean => canonicalJson(left) === canonicalJson(right);

type Seen = Pick<ObservedTask, 'status' | 'attempts' | 'output' | 'settledAt' | 'error'>;

export function describe({ status, attempts, output, settledAt, error }: Seen): string {
  const failure = status === 'failed' && error ? `(${error.name})` : '';
  return `${status}${failure} at ${settledAt} after ${attempts} attempts, output ${canonicalJson(output)}`;
}

/** Holds what the rules say against an observation. */
export class Judge implements Witness {
  readonly #observed: Observed;
  readonly #tasks: ReadonlyMap<string, ObservedTask>;
  readonly #calls: ReadonlyMap<string, ObservedCall>;
  /** Facts whose moment is certain, in order of time. */
  readonly #facts: readonly Fact[];

  constructor(observed: Observed, workflow: Workflow) {
    this.#observed = observed;
    this.#tasks = new Map(observed.tasks.map((task) => [task.path, task]));
    this.#calls = new Map(observed.calls.map((call) => [`${call.path}#${call.attempt}`, call]));
    const containers = containersOf(workflow);
    const settled = observed.tasks.filter((task) => isCounted(task.path, task.status, containers));
    this.#facts = [
      ...settled.map(({ path, settledAt }) => ({ mark: `settle ${path}`, at: settledAt })),
      ...observed.calls.map(({ path, attempt, at }) => ({ mark: `call ${path}#${attempt}`, at })),
    ].sort((a, b) => a.at - b.at);
    this.#containers = containers;
  }

  readonly #containers: ReadonlySet<string>;

  called(state: State, { place, attempts, given, part }: Entry): void {
    const call = this.#calls.get(`${place}#${attempts}`);
    const { index = 0, count = 1 } = part ?? {};
    if (call?.at !== state.now)
      throw refuted(state, `${place} is called for the ${attempts}. time`, call && `at ${call.at}`);
    if (!same(call.input, given))
      throw refuted(state, `${place} is given ${canonicalJson(given)}`, canonicalJson(call.input));
    if (call.index !== index || call.count !== count)
      throw refuted(state, `${place} is ${index} of ${count}`, `${call.index} of ${call.count}`);
    state.explained += 1;
  }

  settled(state: State, entry: Entry): void {
    const { place, result, attempts } = entry;
    if (!result) return;
    const said = { ...result, attempts, settledAt: result.at };
    const seen = this.#tasks.get(place);
    if (!seen || !this.#fits(entry, said, seen))
      throw refuted(state, `${place} ${describe(said)}`, seen && describe(seen));
    if (isCounted(place, seen.status, this.#containers)) state.explained += 1;
  }

  #fits(entry: Entry, said: Seen, seen: ObservedTask): boolean {
    const { status } = said;
    if (seen.status !== status || seen.attempts !== said.attempts) return false;
    if (status === 'failed' && seen.error?.name !== said.error?.name) return false;
    if (!same(seen.output, said.output)) return false;
    if (status !== 'cancelled' && !entry.isLoose) return seen.settledAt === said.settledAt;
    const { frame } = entry;
    const end = frame.execution === '' ? this.#observed : this.#observed.children[frame.execution];
    return said.settledAt <= seen.settledAt && seen.settledAt <= (end?.endedAt ?? 0);
  }

  opened(): void {
    // What opens is seen by what its members do.
  }

  started(): void {
    // So is what starts,
  }

  stopped(): void {
    // and what stops.
  }

  ended(state: State, { place, endedAs }: Execution, output: Json): void {
    const seen = place === '' ? this.#observed : this.#observed.children[place];
    const name = place === '' ? 'the execution' : `the child of ${place}`;
    if (seen?.endedAt !== state.now || seen.status !== endedAs)
      throw refuted(state, `${name} ends ${endedAs ?? ''}`, seen && `${seen.status} at ${seen.endedAt}`);
    if (seen.completions !== 1) throw refuted(state, `${name} ends once`, `${seen.completions} ends`);
    if (!same(seen.output, output))
      throw refuted(state, `${name} gives ${canonicalJson(output)}`, canonicalJson(seen.output));
    state.explained += 1;
  }

  /** As late as the next call allows: that asks the least of whoever must hold places until then. */
  delayOf(state: State, { place, attempts }: Entry, { least, most }: { least: number; most: number }): number {
    const next = this.#calls.get(`${place}#${attempts + 1}`);
    if (!next || next.at > state.now + most) return most;
    if (next.at < state.now + least)
      throw refuted(state, `${place} is called again after ${least} at the earliest`, `at ${next.at}`);
    return next.at - state.now;
  }

  advancing(state: State, to: number): void {
    const ends = [...state.executions].filter(({ endedAs }) => endedAs !== undefined).length;
    const due = this.#facts.findIndex(({ at }) => at >= to);
    const count = due === -1 ? this.#facts.length : due;
    if (count === state.explained - ends) return;
    const missed = this.#facts.slice(0, count).filter(({ mark }) => !happened(state, mark));
    throw refuted(state, `until ${to} nothing happens`, missed.map(({ mark, at }) => `${mark} at ${at}`).join(', '));
  }
}

function happened(state: State, mark: string): boolean {
  const [, kind, place = '', attempt] = /^(\w+) (.*?)(?:#(\d+))?$/.exec(mark) ?? [];
  const entry = state.find(place);
  return kind === 'call' ? (entry?.attempts ?? 0) >= Number(attempt) : entry?.phase === 'settled';
}

function refuted({ now }: State, said: string, seen: string | undefined): Contradiction {
  return new Contradiction(
    `at ${now} the rules say: ${said}; seen was ${seen === undefined || seen === '' ? 'nothing of it' : seen}`,
  );
}

/** Ids of everything that has members of its own. */
function containersOf({ region }: Workflow): Set<string> {
  const found = new Set<string>();
  const visit = (task: Task): void => {
    const { work, spread } = task;
    if (spread || work.kind === 'group' || work.kind === 'loop') found.add(task.id);
    if (work.kind === 'group' || work.kind === 'loop') work.region.tasks.forEach(visit);
    if (work.kind === 'child') work.workflow.region.tasks.forEach(visit);
  };
  region.tasks.forEach(visit);
  return found;
}

/** Is the moment of an entry's settlement certain? Not of what a stop cancels, and of what contains such. */
function isCounted(place: string, status: SettledTaskStatus, containers: ReadonlySet<string>): boolean {
  return (
    status !== 'cancelled' && !containers.has(place.slice(Math.max(place.lastIndexOf('/'), place.lastIndexOf('>')) + 1))
  );
}
