/** A protocol as states and what can happen in them. States are values: nothing changes one. */
export interface Model<State> {
  readonly initial: State;
  /** The same text for states that behave alike: the whole state, written so that order says nothing where it means nothing. */
  key(state: State): string;
  actions(state: State): Promise<readonly Action<State>[]> | readonly Action<State>[];
  /** What must hold in every state, by its name. */
  readonly invariants: Readonly<Record<string, (state: State) => boolean>>;
  /** From every state one of these must be within reach without another fault: nothing is lost for ever. */
  isGoal(state: State): boolean;
}

export interface Action<State> {
  readonly name: string;
  readonly next: State;
  /** Something goes wrong: it may happen, and nobody may count on it. */
  readonly isFault?: boolean;
}

/** What was found wrong, with the shortest way there. */
export interface Finding {
  /** Of the invariant, or `progress`. */
  readonly broken: string;
  readonly trace: readonly string[];
}

export interface Exploration {
  readonly states: number;
  readonly transitions: number;
  /** Actions from the initial state to the farthest one. */
  readonly depth: number;
  /** Absent: all holds in every state. */
  readonly finding?: Finding;
  /** False: it was stopped at so many states. */
  readonly isComplete: boolean;
}

interface Reached {
  readonly parents: number[];
  readonly names: string[];
  readonly goals: boolean[];
  /** Pairs of states, from and to, for whatever is no fault. */
  readonly edges: number[];
}

/** Every state that can be reached, the nearest first. Ends with the first finding, or at `most` states. */
export async function explore<State>(model: Model<State>, most = Infinity): Promise<Exploration> {
  const ids = new Map<string, number>([[model.key(model.initial), 0]]);
  const reached: Reached = { parents: [-1], names: [''], goals: [], edges: [] };
  const invariants = Object.entries(model.invariants);
  let level: State[] = [model.initial];
  let [first, transitions, depth] = [0, 0, 0];
  while (level.length > 0) {
    const next: State[] = [];
    for (const [offset, state] of level.entries()) {
      const id = first + offset;
      const broken = invariants.find(([, holds]) => !holds(state));
      const counts = { states: ids.size, transitions, depth };
      if (broken) return { ...counts, isComplete: false, finding: { broken: broken[0], trace: traceOf(reached, id) } };
      reached.goals[id] = model.isGoal(state);
      for (const { name, next: target, isFault } of await model.actions(state)) {
        transitions += 1;
        const key = model.key(target);
        let to = ids.get(key);
        if (to === undefined) {
          to = ids.size;
          ids.set(key, to);
          reached.parents.push(id);
          reached.names.push(name);
          next.push(target);
        }
        if (isFault !== true) reached.edges.push(id, to);
      }
      if (ids.size > most) return { ...counts, states: ids.size, isComplete: false };
    }
    first += level.length;
    level = next;
    if (level.length > 0) depth += 1;
  }
  const stuck = firstWithoutGoal(reached);
  const finding = stuck === undefined ? {} : { finding: { broken: 'progress', trace: traceOf(reached, stuck) } };
  return { states: ids.size, transitions, depth, isComplete: true, ...finding };
}

function traceOf({ parents, names }: Reached, id: number): readonly string[] {
  const trace: string[] = [];
  for (let at = id; at > 0; at = parents[at] ?? -1) trace.unshift(names[at] ?? '');
  return trace;
}

/** The nearest state from which no goal can be reached. */
function firstWithoutGoal({ parents, goals, edges }: Reached): number | undefined {
  const count = parents.length;
  // The edges backwards, those into one state side by side.
  const starts = new Uint32Array(count + 1);
  for (let edge = 1; edge < edges.length; edge += 2) starts[(edges[edge] ?? 0) + 1]! += 1;
  for (let id = 0; id < count; id += 1) starts[id + 1]! += starts[id] ?? 0;
  const sources = new Uint32Array(edges.length / 2);
  const filled = starts.slice();
  for (let edge = 0; edge < edges.length; edge += 2) sources[filled[edges[edge + 1] ?? 0]!++] = edges[edge] ?? 0;
  const reaches = new Uint8Array(count);
  const open = goals.flatMap((isGoal, id) => (isGoal ? [id] : []));
  for (const id of open) reaches[id] = 1;
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    for (let at = starts[id] ?? 0; at < (starts[id + 1] ?? 0); at += 1) {
      const source = sources[at] ?? 0;
      if (reaches[source] === 1) continue;
      reaches[source] = 1;
      open.push(source);
    }
  }
  const stuck = reaches.indexOf(0);
  return stuck === -1 ? undefined : stuck;
}
