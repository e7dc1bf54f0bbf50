import { isJsonObject } from '../../core/json/index.ts';
import type { Gate } from '../../core/plan/index.ts';
import type { Branch, Machine, State } from '../../statemachines/index.ts';

type Edge = readonly [from: number, to: number];

/** A graph over numbers of which the first `tasks` are tasks; what comes after only passes their order on. */
export interface Order {
  readonly tasks: number;
  readonly vertices: number;
  readonly edges: readonly Edge[];
}

/**
 * What a compiled machine and its gates order, read from the machine itself: its states, branches and `Next`. It shares
 * nothing with the planner, whose own check reads the skeleton.
 */
export function orderOfMachine(machine: Machine, gates: readonly Gate[], numbers: ReadonlyMap<string, number>): Order {
  const edges: Edge[] = gates.map(({ from, to }) => [numberOf(numbers, from), numberOf(numbers, to)]);
  let vertices = numbers.size;
  /** Puts a branch behind a vertex; answers the branch's last. */
  const addBranch = (branch: Branch, before: number): number =>
    statesInOrder(branch).reduce((last, state) => {
      const ends = state.Type === 'Parallel' ? state.Branches.map((inner) => addBranch(inner, last)) : [last];
      const task = taskOf(state);
      const vertex = task === undefined ? vertices++ : numberOf(numbers, task);
      for (const end of ends) edges.push([end, vertex]);
      return vertex;
    }, before);
  addBranch(machine, vertices++);
  return { tasks: numbers.size, vertices, edges };
}

function statesInOrder({ StartAt, States }: Branch): State[] {
  const states: State[] = [];
  for (let name: string | undefined = StartAt; name !== undefined;) {
    const state: State | undefined = States[name];
    if (state === undefined) throw new Error(`the machine has no state ${name}`);
    states.push(state);
    name = 'Next' in state ? state.Next : undefined;
  }
  return states;
}

function taskOf(state: State): string | undefined {
  const payload = state.Type === 'Task' ? state.Arguments?.['Payload'] : undefined;
  const task = isJsonObject(payload) ? payload['task'] : undefined;
  return typeof task === 'string' ? task : undefined;
}

/** Does the same come before each task in both? */
export function sameClosure(one: Order, other: Order): boolean {
  const [ones, others] = [closureOf(one), closureOf(other)];
  return (
    one.tasks === other.tasks && ones.every((row, task) => row.every((word, index) => word === others[task]?.[index]))
  );
}

/** For each task the tasks before it, as bits. Throws for a cycle. */
function closureOf({ tasks, vertices, edges }: Order): Uint32Array[] {
  const consumers = Array.from({ length: vertices }, (): number[] => []);
  const open = new Uint32Array(vertices);
  for (const [from, to] of edges) {
    consumers[from]?.push(to);
    open[to] = (open[to] ?? 0) + 1;
  }
  const rows = Array.from({ length: vertices }, () => new Uint32Array((tasks + 31) >>> 5));
  const ready = [...open.keys()].filter((vertex) => open[vertex] === 0);
  for (const vertex of ready) {
    const row = rows[vertex] ?? new Uint32Array();
    for (const consumer of consumers[vertex] ?? []) {
      const into = rows[consumer] ?? new Uint32Array();
      row.forEach((word, index) => (into[index] = (into[index] ?? 0) | word));
      if (vertex < tasks) into[vertex >>> 5] = (into[vertex >>> 5] ?? 0) | (1 << (vertex & 31));
      open[consumer] = (open[consumer] ?? 0) - 1;
      if (open[consumer] === 0) ready.push(consumer);
    }
  }
  if (ready.length < vertices) throw new Error('the order goes round in a circle');
  return rows.slice(0, tasks);
}

function numberOf(numbers: ReadonlyMap<string, number>, task: string): number {
  const number = numbers.get(task);
  if (number === undefined) throw new Error(`the machine names task ${task}, which the graph lacks`);
  return number;
}
