import { at } from './at.ts';

const NONE = 0xffffffff;

/**
 * The fewest chains that hold each vertex once, following edges of the graph: a maximum matching of vertices with
 * successors (Hopcroft–Karp: phases of shortest augmenting paths). `successors[v]` are the vertices that may follow v.
 */
export function minimumPathCover(successors: readonly (readonly number[])[]): number[][] {
  const matching = new Matching(successors);
  while (matching.layer()) matching.augmentAll();
  const chains: number[][] = [];
  successors.forEach((_, start) => {
    if (at(matching.previous, start) !== NONE) return;
    const chain: number[] = [];
    for (let vertex = start; vertex !== NONE; vertex = at(matching.next, vertex)) chain.push(vertex);
    chains.push(chain);
  });
  return chains;
}

class Matching {
  readonly next: Uint32Array;
  readonly previous: Uint32Array;
  readonly #successors: readonly (readonly number[])[];
  /** Length of the shortest alternating path from a vertex without a next one. */
  readonly #distance: Uint32Array;
  readonly #looked: Uint32Array;

  constructor(successors: readonly (readonly number[])[]) {
    this.#successors = successors;
    this.next = new Uint32Array(successors.length).fill(NONE);
    this.previous = new Uint32Array(successors.length).fill(NONE);
    this.#distance = new Uint32Array(successors.length);
    this.#looked = new Uint32Array(successors.length);
  }

  /** Breadth first; is there still an augmenting path? */
  layer(): boolean {
    const queue: number[] = [];
    this.next.forEach((next, vertex) => {
      this.#distance[vertex] = next === NONE ? 0 : NONE;
      if (next === NONE) queue.push(vertex);
    });
    let found = false;
    for (const vertex of queue) {
      for (const successor of this.#successors[vertex] ?? []) {
        const rival = at(this.previous, successor);
        if (rival === NONE) found = true;
        else if (at(this.#distance, rival) === NONE) {
          this.#distance[rival] = at(this.#distance, vertex) + 1;
          queue.push(rival);
        }
      }
    }
    return found;
  }

  augmentAll(): void {
    this.#looked.fill(0);
    this.next.forEach((next, vertex) => {
      if (next === NONE) this.#augmentFrom(vertex);
    });
  }

  /** Depth first along the layers, with its own stack: an augmenting path can be as long as the graph. */
  #augmentFrom(root: number): void {
    const path = [root];
    const taken: number[] = [];
    for (let vertex = path.at(-1); vertex !== undefined; vertex = path.at(-1)) {
      const successor = this.#successors[vertex]?.[at(this.#looked, vertex)];
      if (successor === undefined) {
        this.#distance[vertex] = NONE;
        path.pop();
        taken.pop();
        continue;
      }
      this.#looked[vertex] = at(this.#looked, vertex) + 1;
      const rival = at(this.previous, successor);
      if (rival !== NONE && at(this.#distance, rival) !== at(this.#distance, vertex) + 1) continue;
      taken.push(successor);
      if (rival === NONE) return this.#flip(path, taken);
      path.push(rival);
    }
  }

  #flip(path: readonly number[], taken: readonly number[]): void {
    path.forEach((vertex, index) => {
      const successor = taken[index] ?? NONE;
      this.next[vertex] = successor;
      this.previous[successor] = vertex;
    });
  }
}
