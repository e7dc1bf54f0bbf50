import { at } from './at.ts';
import type { Graph } from './graph.ts';

/** The longest path, each vertex counting one; the earliest vertices where several are longest. Needs a topological numbering. */
export function longestPath({ count, source, into }: Graph): number[] {
  const length = new Uint32Array(count).fill(1);
  const before = new Map<number, number>();
  let last = 0;
  into.forEach((edges, vertex) => {
    for (const edge of edges) {
      const producer = at(source, edge);
      if (at(length, producer) < at(length, vertex)) continue;
      length[vertex] = at(length, producer) + 1;
      before.set(vertex, producer);
    }
    if (at(length, vertex) > at(length, last)) last = vertex;
  });
  const path: number[] = [];
  for (let vertex = count > 0 ? last : undefined; vertex !== undefined; vertex = before.get(vertex)) path.push(vertex);
  return path.reverse();
}
