import { assertNever } from '../../core/errors/index.ts';
import type { Block, Plan, PlannedTask } from '../../core/plan/index.ts';
import { branchWeight, joined, parallelWeight, piecesWeight, type Piece } from './piece.ts';
import { fits, repeated, shareOf, sum, type Weight } from './weight.ts';

/** A block that becomes a machine of its own. */
export interface Part {
  readonly number: number;
  readonly name: string;
  readonly block: Block;
  /** A task of the region that the block is cut out of: it has the same loops around it. */
  readonly member: string;
}

export interface CutOptions {
  /** What one machine may weigh. */
  readonly room: Weight;
  /** Of a task that is no container. */
  readonly weigh: (task: PlannedTask) => Weight;
}

/** The plan with its skeletons regrouped, so that each part is one block of them. */
export interface CutPlan {
  readonly plan: Plan;
  readonly parts: readonly Part[];
  /** Of what is left around the parts, or a little more. */
  readonly weight: Weight;
}

/**
 * Cuts a plan into pieces that each fit into a machine, from the inside to the outside. What is too heavy together is put into as few bins as
 * are found: neighbours where they run one after the other, whatever fits where they run side by side. The heaviest bins become parts
 * until the rest fits. What orders tasks stays: a part is a block, and goes on when all of it has ended.
 */
export function cutPlan(plan: Plan, options: CutOptions): CutPlan {
  return new Cutter(plan, options).run();
}

/** Behind a loop's body a token state and a Choice. */
const ROUND: Weight = { raw: 1_250, escaped: 1_450, events: 8 };
/** The start of a part, with the numbers of a few loops. */
const CALL: Weight = { raw: 1_150, escaped: 1_300, events: 6 };

class Cutter {
  readonly #plan: Plan;
  readonly #options: CutOptions;
  readonly #tasks: ReadonlyMap<string, PlannedTask>;
  readonly #parts: Part[] = [];
  /** Of groups and loops, as regrouped. */
  readonly #skeletons = new Map<string, Block>();

  constructor(plan: Plan, options: CutOptions) {
    this.#plan = plan;
    this.#options = options;
    this.#tasks = new Map(plan.tasks.map((task) => [task.id, task]));
  }

  run(): CutPlan {
    const { block, weight } = this.#cut(this.#plan.skeleton);
    const tasks = this.#plan.tasks.map((task) => {
      const skeleton = this.#skeletons.get(task.id);
      if (!skeleton || (task.kind !== 'loop' && task.kind !== 'group')) return task;
      return { ...task, region: { ...task.region, skeleton } };
    });
    return { plan: { ...this.#plan, tasks, skeleton: block }, parts: this.#parts, weight };
  }

  /** A piece that fits, unless it is something that cannot be cut. */
  #cut(block: Block): Piece {
    if (block.kind !== 'task')
      return this.#fitted(
        block.kind,
        block.blocks.map((part) => this.#cut(part)),
      );
    const task = this.#tasks.get(block.task);
    const weight = task ? this.#weightOf(task) : this.#options.room;
    return { block: { ...block }, weight, first: block.task, last: block.task, isCall: false };
  }

  #weightOf(task: PlannedTask): Weight {
    switch (task.kind) {
      case 'agent':
      case 'workflow':
      case 'wait':
      case 'emit':
      case 'checkpoint':
        return this.#options.weigh(task);
      case 'loop':
        return this.#inside(task.id, task.region.skeleton, (body) =>
          sum([namesOfLoop(task.id), repeated(sum([body.weight, ROUND]), task.maxIterations)]),
        );
      case 'group':
        return this.#inside(task.id, task.region.skeleton, (body) =>
          sum([parallelWeight(task.id), branchWeight(body), body.weight]),
        );
      default:
        return assertNever(task, 'A kind of task');
    }
  }

  /** The weight of a container; where it is too heavy, what is inside becomes a part. */
  #inside(id: string, skeleton: Block, weightWith: (body: Piece) => Weight): Weight {
    const body = this.#cut(skeleton);
    const isTooHeavy = !body.isCall && !fits(weightWith(body), this.#options.room);
    const kept = isTooHeavy ? this.#callOf(body) : body;
    this.#skeletons.set(id, kept.block);
    return weightWith(kept);
  }

  #fitted(kind: 'series' | 'parallel', pieces: readonly Piece[]): Piece {
    const { room } = this.#options;
    for (let rest = pieces; ;) {
      if (rest.length <= 1 || fits(piecesWeight(kind, rest), room)) return joined(kind, rest);
      const bins = kind === 'series' ? runsOf(rest, room) : packsOf(rest, room);
      const lighter = this.#lightened(kind, bins);
      // Starts of parts were all that was left, and no two of them fit together: nothing gets lighter any more.
      if (lighter.length === rest.length && rest.every(({ isCall }) => isCall)) return joined(kind, lighter);
      rest = lighter;
    }
  }

  /** Makes parts of the heaviest bins until what is left fits. */
  #lightened(kind: 'series' | 'parallel', bins: readonly (readonly Piece[])[]): Piece[] {
    const { room } = this.#options;
    const left = bins.map((bin) => joined(kind, bin));
    const heaviest = left
      .map((piece, index) => ({ index, share: piece.isCall ? 0 : shareOf(piece.weight, room) }))
      .toSorted((one, other) => other.share - one.share || one.index - other.index);
    for (const { index } of heaviest) {
      const piece = left[index];
      if (!piece || piece.isCall || fits(piecesWeight(kind, left), room)) continue;
      left[index] = this.#callOf(piece);
    }
    return left;
  }

  #callOf({ block, first, last }: Piece): Piece {
    const number = this.#parts.length;
    const name = first === last ? first : `${first}..${last}`;
    this.#parts.push({ number, name, block, member: first });
    const names = 3 * name.length;
    const weight = { ...CALL, raw: CALL.raw + names, escaped: CALL.escaped + names };
    return { block, weight, first, last, isCall: true };
  }
}

/** A Pass before a loop, and how often it is named. */
function namesOfLoop(id: string): Weight {
  const text = 100 + 10 * id.length;
  return { raw: text, escaped: text + 20, events: 2 };
}

/** Neighbours together, as many as fit. */
function runsOf(pieces: readonly Piece[], room: Weight): Piece[][] {
  const runs: { pieces: Piece[]; weight: Weight }[] = [];
  for (const piece of pieces) {
    const run = runs.at(-1);
    const weight = run && sum([run.weight, piece.weight]);
    if (run && weight && fits(weight, room)) {
      run.pieces.push(piece);
      run.weight = weight;
    } else runs.push({ pieces: [piece], weight: piece.weight });
  }
  return runs.map((run) => run.pieces);
}

/** First fit, the heaviest first; in a bin, and among bins, the order of the pieces stays. */
function packsOf(pieces: readonly Piece[], room: Weight): Piece[][] {
  const packs: { places: number[]; weight: Weight }[] = [];
  const weights = pieces.map((piece) => sum([piece.weight, branchWeight(piece)]));
  const order = weights
    .map((weight, place) => ({ place, share: shareOf(weight, room) }))
    .toSorted((one, other) => other.share - one.share || one.place - other.place);
  for (const { place } of order) {
    const piece = pieces[place];
    const own = weights[place];
    if (!piece || !own) continue;
    const pack = packs.find(({ weight }) => fits(sum([weight, own]), room));
    if (pack) {
      pack.places.push(place);
      pack.weight = sum([pack.weight, own]);
    } else packs.push({ places: [place], weight: sum([parallelWeight(piece.first), own]) });
  }
  const ordered = packs.map(({ places }) => places.toSorted((one, other) => one - other));
  return ordered
    .toSorted((one, other) => (one[0] ?? 0) - (other[0] ?? 0))
    .map((places) => places.flatMap((place) => pieces[place] ?? []));
}
