import { at } from './at.ts';
import { BitMatrix } from './bit-matrix.ts';
import type { Graph } from './graph.ts';

/** A convex piece of the order that is still to be split. Vertices ascend, hence in a topological order. */
export interface Part {
  readonly id: number;
  readonly vertices: readonly number[];
}

/** The edges from each of some vertices to each of others. */
export interface Link {
  readonly from: readonly number[];
  readonly to: readonly number[];
}

/**
 * A reduced graph under decomposition: it falls into parts, and edges that stand in the way are lifted out of it. What it
 * knows of neighbours is about the part that a vertex is in now, without what has been lifted.
 */
export class PartialOrder {
  readonly whole: Part;
  readonly #producers: number[][];
  readonly #consumers: number[][];
  /** The part of each vertex. */
  readonly #home: Uint32Array;
  /** How many vertices of its own part come before each vertex. */
  readonly #before: Uint32Array;
  readonly #closure: BitMatrix;
  /** The row of each vertex in the closure. */
  readonly #row: Uint32Array;
  /** The part whose closure the matrix holds. */
  #closed: number | undefined;
  #parts = 1;

  constructor({ count, source, target, into, outOf }: Graph, ancestors: BitMatrix) {
    this.#producers = into.map((edges) => Array.from(edges, (edge) => at(source, edge)));
    this.#consumers = outOf.map((edges) => Array.from(edges, (edge) => at(target, edge)));
    this.whole = { id: 0, vertices: into.map((_, vertex) => vertex) };
    this.#home = new Uint32Array(count);
    this.#before = Uint32Array.from(this.whole.vertices, (vertex) => ancestors.size(vertex));
    this.#row = new Uint32Array(count);
    this.#closure = new BitMatrix(count, count);
  }

  producers(vertex: number): readonly number[] {
    return this.#producers[vertex] ?? [];
  }

  consumers(vertex: number): readonly number[] {
    return this.#consumers[vertex] ?? [];
  }

  before(vertex: number): number {
    return at(this.#before, vertex);
  }

  /** Does `first` come before `second`? For two vertices of the part that was closed last. */
  precedes(first: number, second: number): boolean {
    return this.#closure.has(at(this.#row, second), at(this.#row, first));
  }

  /** Weak components: what runs side by side. The part itself when it is connected. */
  components(part: Part): Part[] {
    const parts = new Map<number, number[]>();
    for (const vertex of part.vertices) {
      if (at(this.#home, vertex) === part.id) parts.set(this.#flood(vertex, part.id), []);
      parts.get(at(this.#home, vertex))?.push(vertex);
    }
    if (parts.size > 1) return Array.from(parts, ([id, vertices]) => ({ id, vertices }));
    for (const vertex of part.vertices) this.#home[vertex] = part.id;
    return [part];
  }

  /** Gives a vertex and whatever is connected to it a part of their own. */
  #flood(start: number, from: number): number {
    const id = this.#parts++;
    this.#home[start] = id;
    const reached = [start];
    const reach = (vertex: number): void => {
      if (at(this.#home, vertex) !== from) return;
      this.#home[vertex] = id;
      reached.push(vertex);
    };
    for (const vertex of reached) {
      for (const producer of this.producers(vertex)) reach(producer);
      for (const consumer of this.consumers(vertex)) reach(consumer);
    }
    return id;
  }

  /**
   * What runs one after the other; the part itself when there is no cut. There is a cut behind the first k vertices exactly
   * when k vertices have fewer than k predecessors: the next one then comes after all of these, and so do all later ones.
   */
  segments(part: Part): Part[] {
    const having = new Uint32Array(part.vertices.length);
    for (const vertex of part.vertices) having[this.before(vertex)] = at(having, this.before(vertex)) + 1;
    const segmentAt = new Uint32Array(part.vertices.length);
    const cuts: number[] = [];
    let fewer = 0;
    having.forEach((number, k) => {
      if (fewer === k) cuts.push(k);
      segmentAt[k] = cuts.length - 1;
      fewer += number;
    });
    if (cuts.length === 1) return [part];
    const segments = cuts.map((cut) => ({ id: this.#parts++, vertices: [] as number[], cut }));
    for (const vertex of part.vertices) {
      const segment = segments[at(segmentAt, this.before(vertex))];
      if (segment === undefined) continue;
      segment.vertices.push(vertex);
      this.#home[vertex] = segment.id;
      this.#before[vertex] = this.before(vertex) - segment.cut;
    }
    for (const vertex of part.vertices) this.#forgetOthers(vertex);
    return segments;
  }

  /** A series implies the edges between its segments. */
  #forgetOthers(vertex: number): void {
    const stays = (other: number): boolean => this.#home[other] === this.#home[vertex];
    this.#producers[vertex] = this.producers(vertex).filter(stays);
    this.#consumers[vertex] = this.consumers(vertex).filter(stays);
  }

  /** Makes `precedes` and `before` true of this part as it is now. */
  close(part: Part): void {
    if (this.#closed === part.id) return;
    this.#closed = part.id;
    this.#closure.reshape(part.vertices.length, part.vertices.length);
    part.vertices.forEach((vertex, row) => {
      this.#row[vertex] = row;
      for (const producer of this.producers(vertex)) {
        this.#closure.include(row, at(this.#row, producer));
        this.#closure.add(row, at(this.#row, producer));
      }
      this.#before[vertex] = this.#closure.size(row);
    });
  }

  lift(part: Part, links: readonly Link[]): void {
    for (const { from, to } of links) {
      const [isProducer, isConsumer] = [memberOf(from), memberOf(to)];
      for (const vertex of to) this.#producers[vertex] = this.producers(vertex).filter((it) => !isProducer(it));
      for (const vertex of from) this.#consumers[vertex] = this.consumers(vertex).filter((it) => !isConsumer(it));
    }
    this.#closed = undefined;
    this.close(part);
  }
}

/** Most groups are single vertices, for which a set would be dear. */
function memberOf(group: readonly number[]): (vertex: number) => boolean {
  if (group.length === 1) return (vertex) => vertex === group[0];
  const members = new Set(group);
  return (vertex) => members.has(vertex);
}
