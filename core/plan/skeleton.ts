import { at } from './at.ts';
import type { BitMatrix } from './bit-matrix.ts';
import type { Graph } from './graph.ts';
import { worstObstacles, type WorkBudget } from './obstacles.ts';
import { PartialOrder, type Part } from './partial-order.ts';
import { minimumPathCover } from './path-cover.ts';
import type { Block } from './plan.ts';

/** Parallels within one another. Deeper ones nobody reads in a console, and whatever walks the machine may recurse. */
const MAX_NESTING = 16;

/** Units of a WorkBudget: some 50 ms for 1,000 tasks, 250 ms for 10,000. Small graphs get the first part whole. */
const WORK = 30_000_000;
const WORK_PER_TASK = 20_000;

/**
 * The series-parallel tree of the order that a reduced graph means. Where that order is series-parallel the tree says the
 * same, elsewhere it says less; it never orders what the graph does not.
 */
export function skeletonOf(reduced: Graph, ancestors: BitMatrix): Block<number> {
  return new Decomposition(reduced, ancestors).run();
}

/** A block in the making: to be split, split into parts, or finished. */
interface Draft {
  readonly part: Part;
  readonly parent: Draft | undefined;
  /** Parallels around it. */
  readonly nesting: number;
  kind?: 'series' | 'parallel';
  parts: Draft[];
  block?: Block<number>;
}

/** Works through a list instead of recursing: a graph may be as deep as it has tasks. */
class Decomposition {
  readonly #reduced: Graph;
  readonly #order: PartialOrder;
  readonly #budget: WorkBudget;
  /** Parents before their parts. */
  readonly #drafts: Draft[];

  constructor(reduced: Graph, ancestors: BitMatrix) {
    this.#reduced = reduced;
    this.#order = new PartialOrder(reduced, ancestors);
    this.#budget = { left: WORK + WORK_PER_TASK * reduced.count };
    this.#drafts = [{ part: this.#order.whole, parent: undefined, nesting: 0, parts: [] }];
  }

  run(): Block<number> {
    for (const draft of this.#drafts) {
      while (draft.kind === undefined && draft.block === undefined) this.#look(draft);
      for (const part of draft.parts) this.#drafts.push(part);
    }
    return this.#assemble();
  }

  /** Decides what a draft is, or lifts a few edges so that the next look may. */
  #look(draft: Draft): void {
    const { part } = draft;
    const [first] = part.vertices;
    if (first === undefined) draft.kind = 'series';
    else if (part.vertices.length === 1) draft.block = { kind: 'task', task: first };
    else if (draft.nesting >= MAX_NESTING) draft.block = this.#cover(part);
    else if (!this.#split(draft, 'parallel') && !this.#split(draft, 'series')) {
      const obstacles = worstObstacles(this.#order, part, this.#budget);
      if (obstacles === undefined) draft.block = this.#cover(part);
      else this.#order.lift(part, obstacles);
    }
  }

  #split(draft: Draft, kind: 'series' | 'parallel'): boolean {
    const parts = kind === 'series' ? this.#order.segments(draft.part) : this.#order.components(draft.part);
    if (parts.length === 1) return false;
    const nesting = draft.nesting + (kind === 'parallel' && draft.parent?.kind !== 'parallel' ? 1 : 0);
    draft.kind = kind;
    draft.parts = parts.map((part) => ({ part, parent: draft, nesting, parts: [] }));
    return true;
  }

  /** The way out that always works: the fewest chains, side by side, and gates for everything between them. */
  #cover({ vertices }: Part): Block<number> {
    const { source, into } = this.#reduced;
    const rank = new Map(vertices.map((vertex, index) => [vertex, index]));
    const successors: number[][] = vertices.map(() => []);
    vertices.forEach((vertex, index) => {
      for (const edge of into[vertex] ?? []) {
        const producer = rank.get(at(source, edge));
        if (producer !== undefined) successors[producer]?.push(index);
      }
    });
    const leaves = vertices.map((task): Block<number> => ({ kind: 'task', task }));
    const chains = minimumPathCover(successors).map((chain) => chain.flatMap((index) => leaves[index] ?? []));
    return composed(
      'parallel',
      chains.map((chain) => composed('series', chain)),
    );
  }

  /** From the last draft to the first, so that parts are finished before what they are part of. */
  #assemble(): Block<number> {
    let last = composed('series', []);
    for (const draft of this.#drafts.toReversed()) {
      last = draft.block ??= composed(
        draft.kind ?? 'series',
        draft.parts.flatMap(({ block }) => block ?? []),
      );
    }
    return last;
  }
}

/** Blocks of the kind they become part of melt into it. */
function composed(kind: 'series' | 'parallel', parts: readonly Block<number>[]): Block<number> {
  const blocks = parts.flatMap((part) => (part.kind === kind ? part.blocks : [part]));
  const [only] = blocks;
  return blocks.length === 1 && only !== undefined ? only : { kind, blocks };
}
