import { InvariantError } from '../errors/index.ts';
import { at } from './at.ts';

/** A directed graph over dense numbers. Edges are numbered too, in the order they were given. */
export interface Graph {
  readonly count: number;
  readonly source: Uint32Array;
  readonly target: Uint32Array;
  /** For each vertex the numbers of the edges that lead into it, and out of it. */
  readonly into: readonly Uint32Array[];
  readonly outOf: readonly Uint32Array[];
}

export type Edge = readonly [from: number, to: number];

export function graphOf(count: number, edges: readonly Edge[]): Graph {
  // Filled by a loop: `Uint32Array.from` with a function is several times slower.
  const source = new Uint32Array(edges.length);
  const target = new Uint32Array(edges.length);
  edges.forEach(([from, to], edge) => {
    source[edge] = from;
    target[edge] = to;
  });
  return { count, source, target, into: edgesBy(target, count), outOf: edgesBy(source, count) };
}

/** Edge numbers grouped by one of their ends: views into one array, so that a vertex costs no allocation of its own. */
function edgesBy(end: Uint32Array, count: number): Uint32Array[] {
  const start = new Uint32Array(count + 1);
  for (const vertex of end) start[vertex + 1] = at(start, vertex + 1) + 1;
  for (let vertex = 0; vertex < count; vertex++) start[vertex + 1] = at(start, vertex + 1) + at(start, vertex);
  const grouped = new Uint32Array(end.length);
  const next = start.slice();
  end.forEach((vertex, edge) => {
    const place = at(next, vertex);
    grouped[place] = edge;
    next[vertex] = place + 1;
  });
  return Array.from({ length: count }, (_, vertex) => grouped.subarray(at(start, vertex), at(start, vertex + 1)));
}

const UNSEEN = 0;
const OPEN = 1;
const PLACED = 2;

/**
 * A topological order that keeps the given one where the graph leaves a choice: each vertex stands where it stood, and
 * what it needs is pulled in front of it. A walk with its own stack, because a chain of 10,000 would overflow the engine's.
 */
export function topologicalOrder({ count, source, into }: Graph): Uint32Array {
  const order = new Uint32Array(count);
  const seen = new Uint8Array(count);
  const looked = new Uint32Array(count);
  const open: number[] = [];
  let placed = 0;
  for (let root = 0; root < count; root++) {
    if (seen[root] === UNSEEN) open.push(root);
    for (let vertex = open.at(-1); vertex !== undefined; vertex = open.at(-1)) {
      seen[vertex] = OPEN;
      const edge = into[vertex]?.[at(looked, vertex)];
      if (edge === undefined) {
        seen[vertex] = PLACED;
        order[placed++] = vertex;
        open.pop();
        continue;
      }
      looked[vertex] = at(looked, vertex) + 1;
      const needed = at(source, edge);
      if (seen[needed] === OPEN) throw cyclic(needed);
      if (seen[needed] === UNSEEN) open.push(needed);
    }
  }
  return order;
}

function cyclic(vertex: number): InvariantError {
  return new InvariantError({
    code: 'graph_has_cycle',
    message: `The graph to plan has a cycle through vertex ${vertex}; validation should have found it.`,
  });
}
