import type { PlacedTask, Region } from './region.ts';

/** Which tasks emit an event of a type, for the types that nothing outside of the workflow emits. */
export type Emitters = ReadonlyMap<string, ReadonlySet<PlacedTask>>;

/**
 * Plays a workflow with nothing but its own events: what settles lets others start, until nothing moves any more. Linear: each task
 * opens once and settles once, and each edge is looked at once.
 */
export class EventPlay {
  readonly settled = new Set<PlacedTask>();
  readonly #emitters: Emitters;
  readonly #open = new Set<PlacedTask>();
  readonly #emitted = new Set<string>();
  readonly #waiting = new Map<string, PlacedTask[]>();
  /** Dependencies of a task that have settled, and members of a container that have not. */
  readonly #seen = new Map<PlacedTask, number>();
  readonly #inside = new Map<PlacedTask, number>();
  readonly #dependents: ReadonlyMap<PlacedTask, readonly PlacedTask[]>;
  readonly #settling: PlacedTask[] = [];

  constructor(regions: readonly Region[], emitters: Emitters) {
    this.#emitters = emitters;
    this.#dependents = dependentsOf(regions);
    for (const placed of regions[0]?.tasks ?? []) this.#tryOpen(placed);
    // It grows while it is gone through.
    for (const placed of this.#settling) this.#settle(placed);
  }

  isOpen(placed: PlacedTask): boolean {
    return this.#open.has(placed);
  }

  #tryOpen(placed: PlacedTask): void {
    const { container } = placed.region;
    if (this.#open.has(placed) || (container && !this.#open.has(container))) return;
    if ((this.#seen.get(placed) ?? 0) < neededBy(placed)) return;
    this.#open.add(placed);
    const type = placed.task.wait?.event ?? '';
    const members = placed.inner.flatMap(({ tasks }) => tasks);
    this.#inside.set(placed, members.length);
    // As deep as regions are within one another.
    for (const member of members) this.#tryOpen(member);
    if (this.#emitters.has(type) && !this.#emitted.has(type)) addTo(this.#waiting, type, placed);
    else if (members.length === 0) this.#settling.push(placed);
  }

  #settle(placed: PlacedTask): void {
    this.settled.add(placed);
    const type = placed.task.emit?.event ?? '';
    if (this.#emitters.get(type)?.has(placed) === true && !this.#emitted.has(type)) {
      this.#emitted.add(type);
      for (const waiter of this.#waiting.get(type) ?? []) this.#settling.push(waiter);
    }
    for (const dependent of this.#dependents.get(placed) ?? []) {
      this.#seen.set(dependent, (this.#seen.get(dependent) ?? 0) + 1);
      this.#tryOpen(dependent);
    }
    const { container } = placed.region;
    if (!container) return;
    const left = (this.#inside.get(container) ?? 0) - 1;
    this.#inside.set(container, left);
    if (left === 0) this.#settling.push(container);
  }
}

/** How many of its dependencies a task has to see settled. */
export function neededBy({ task: { join }, region, position }: PlacedTask): number {
  const all = region.graph.dependencies[position]?.length ?? 0;
  if (join === 'any_success') return Math.min(1, all);
  return typeof join === 'object' ? Math.min(join.quorum, all) : all;
}

function dependentsOf(regions: readonly Region[]): ReadonlyMap<PlacedTask, readonly PlacedTask[]> {
  const dependents = new Map<PlacedTask, PlacedTask[]>();
  for (const { tasks, graph } of regions) {
    for (const placed of tasks) {
      for (const { from } of graph.dependencies[placed.position] ?? []) {
        const dependency = tasks[from];
        if (dependency) addTo(dependents, dependency, placed);
      }
    }
  }
  return dependents;
}

export function addTo<Key, Value>(lists: Map<Key, Value[]>, key: Key, value: Value): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}
