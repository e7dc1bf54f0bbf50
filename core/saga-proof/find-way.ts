import type { Fate, SagaGraph, SagaNode } from './saga-graph.ts';

/** Looks at nodes, in one search: what is still open then is called undecided. */
const MOST_LOOKS = 20_000;

/** What shall have become of some nodes, together. */
export interface Wish {
  readonly fates: ReadonlyMap<number, readonly Fate[]>;
  /** Nothing that is wished for comes after this one: its failure may be what ends the execution. */
  readonly last?: number;
}

/** By node; nodes that the wish does not depend on are left out. */
export type Way = ReadonlyMap<number, Fate>;

/** Decides whether an execution can come to that; `undecided`: nobody can tell within bounds. */
export type FindWay = (wish: Wish) => Way | 'undecided' | undefined;

/** One search after the other on the same graph; all of them together look at a bounded number of nodes. */
export function createFindWay({ nodes }: SagaGraph, budget = 4_000_000): FindWay {
  let left = budget;
  const smooth = smoothWay(nodes);
  return (wish) => {
    const known = adapted(nodes, smooth, wish);
    if (known) return known;
    if (left <= 0) return 'undecided';
    const cone = coneOf(nodes, [...wish.fates.keys()]);
    left -= cone.length;
    if (!isPossible(nodes, cone, wish)) return undefined;
    const { way, looks } = search(nodes, cone, wish);
    left -= looks;
    return way;
  };
}

/** All goes well: what is likely to become of each node. */
function smoothWay(nodes: readonly SagaNode[]): readonly Fate[] {
  const fates: Fate[] = [];
  for (const node of nodes) fates.push(node.options(fates, false)[0] ?? 'waiting');
  return fates;
}

/** The smooth way itself, where only one node may have to end otherwise. Spares a search for nearly every task of a plain workflow. */
function adapted(nodes: readonly SagaNode[], smooth: readonly Fate[], { fates, last }: Wish): Way | undefined {
  const others = [...fates].filter(([node, wanted]) => !wanted.includes(smooth[node] ?? 'waiting'));
  const [first, second] = others;
  if (second) return undefined;
  const own = first && fits(nodes, smooth, first, last);
  if (first && own === undefined) return undefined;
  const after = first?.[0];
  if (after !== undefined && [...fates.keys()].some((node) => node > after)) return undefined;
  const seen = [...fates.keys()].map((node): [number, Fate] => [
    node,
    node === after && own ? own : (smooth[node] ?? 'waiting'),
  ]);
  return new Map(seen);
}

function fits(
  nodes: readonly SagaNode[],
  smooth: readonly Fate[],
  [at, wanted]: readonly [number, readonly Fate[]],
  last: number | undefined,
): Fate | undefined {
  return nodes[at]?.options(smooth, at === last).find((fate) => wanted.includes(fate));
}

/** The nodes and all that they depend on, in order. */
function coneOf(nodes: readonly SagaNode[], wished: readonly number[]): readonly number[] {
  const seen = new Set(wished);
  // The set grows while it is gone through: it is the queue as well.
  for (const at of seen) for (const before of nodes[at]?.before ?? []) seen.add(before);
  return [...seen].sort((a, b) => a - b);
}

/** False: it cannot come to that, whatever happens. Each node by itself, so that true proves nothing. */
function isPossible(nodes: readonly SagaNode[], cone: readonly number[], { fates, last }: Wish): boolean {
  const may: Set<Fate>[] = [];
  for (const at of cone) {
    const all = nodes[at]?.mayBe(may, at === last) ?? new Set<Fate>();
    const wanted = fates.get(at);
    const found = wanted ? new Set([...all].filter((fate) => wanted.includes(fate))) : new Set(all);
    if (found.size === 0) return false;
    may[at] = found;
  }
  return true;
}

/** Tries out, the likely first, and goes back where it does not go on. */
function search(
  nodes: readonly SagaNode[],
  cone: readonly number[],
  { fates: wishes, last }: Wish,
): { readonly way: Way | 'undecided' | undefined; readonly looks: number } {
  const fates: Fate[] = [];
  const open: (readonly Fate[])[] = [];
  const tried: number[] = [];
  let looks = 0;
  for (let depth = 0; depth >= 0;) {
    const at = cone[depth];
    if (at === undefined) return { way: new Map(cone.map((node) => [node, fates[node] ?? 'waiting'])), looks };
    if (open[depth] === undefined) {
      looks += 1;
      if (looks > MOST_LOOKS) return { way: 'undecided', looks };
      const wanted = wishes.get(at);
      open[depth] = (nodes[at]?.options(fates, at === last) ?? []).filter((fate) => wanted?.includes(fate) ?? true);
      tried[depth] = 0;
    }
    const fate = open[depth]?.[tried[depth] ?? 0];
    tried[depth] = (tried[depth] ?? 0) + 1;
    if (fate === undefined) {
      open.length = depth;
      depth -= 1;
    } else {
      fates[at] = fate;
      depth += 1;
    }
  }
  return { way: undefined, looks };
}
