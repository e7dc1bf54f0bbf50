import type { Part, PartialOrder } from './partial-order.ts';

/** Vertices with the same producers and the same consumers: what is decided for one of them holds for all. */
export interface Twins {
  /** Counts the twins of a part. */
  readonly index: number;
  readonly members: number[];
  readonly entrances: Entrance[];
  readonly exits: Entrance[];
}

/** The edges from each member of one to each member of the other, numbered within a part. */
export interface Entrance {
  readonly from: Twins;
  readonly to: Twins;
  readonly index: number;
}

export interface TwinGraph {
  /** In the order of the first member of each. */
  readonly twins: readonly Twins[];
  readonly entrances: readonly Entrance[];
}

/**
 * A part with one vertex for all of a kind. In a stage where everyone waits for everyone of the last, 100 times 100 edges
 * are one.
 */
export function twinGraphOf(order: PartialOrder, { vertices }: Part): TwinGraph {
  const twins: Twins[] = [];
  const entrances: Entrance[] = [];
  const home = new Map<number, Twins>();
  const byHash = new Map<number, Twins[]>();
  for (const vertex of vertices) {
    const hash = hashOf(order, vertex);
    const alike = byHash.get(hash);
    let own = alike?.find(({ members: [first] }) => first !== undefined && areTwins(order, first, vertex));
    if (own === undefined) {
      own = { index: twins.length, members: [], entrances: [], exits: [] };
      twins.push(own);
      if (alike) alike.push(own);
      else byHash.set(hash, [own]);
      // Vertices ascend: all producers have found their twins.
      for (const producer of order.producers(vertex)) connect(home.get(producer), own, entrances);
    }
    own.members.push(vertex);
    home.set(vertex, own);
  }
  return { twins, entrances };
}

function connect(from: Twins | undefined, to: Twins, entrances: Entrance[]): void {
  if (from === undefined || from.exits.at(-1)?.to === to) return;
  const entrance: Entrance = { from, to, index: entrances.length };
  entrances.push(entrance);
  from.exits.push(entrance);
  to.entrances.push(entrance);
}

function areTwins(order: PartialOrder, one: number, other: number): boolean {
  return areSame(order.producers(one), order.producers(other)) && areSame(order.consumers(one), order.consumers(other));
}

/** Neighbours ascend, so equal sets are equal lists. */
function areSame(ones: readonly number[], others: readonly number[]): boolean {
  return ones.length === others.length && ones.every((vertex, index) => vertex === others[index]);
}

/** An odd number with its bits in no order: multiplied by it, words spread. */
const SPREAD = 0x9e3779b1;

/** Equal for equal neighbours. Where others have the same hash, that costs a comparison. */
function hashOf(order: PartialOrder, vertex: number): number {
  let hash = order.producers(vertex).length;
  for (const producer of order.producers(vertex)) hash = Math.imul(hash ^ producer, SPREAD);
  for (const consumer of order.consumers(vertex)) hash = Math.imul(hash ^ consumer, SPREAD);
  return hash;
}
