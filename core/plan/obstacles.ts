import { at } from './at.ts';
import type { Link, Part, PartialOrder } from './partial-order.ts';
import { twinGraphOf, type Entrance, type TwinGraph, type Twins } from './twins.ts';

/** How much the search may still cost, in pairs looked at and words compared. Counted, not timed: same graph, same plan. */
export interface WorkBudget {
  left: number;
}

/**
 * A part has one of so many of its vertices gated before it is looked at again, unless what is left to choose from is worth
 * less than this share of the best: another look may then find something better. Measured on 250 real graphs.
 */
const VERTICES_PER_LIFT = 8;
const WORTH_ANOTHER_LOOK = 0.2;

/** The same where nothing tells how much an edge is in the way. */
const VERTICES_PER_GUESS = 32;

/** A gate at the end of a side stroke counts half: what follows one task alone has no other place in the tree. */
const SIDE_STROKE = 0.5;

/**
 * The edges most in the way of splitting a prime part; undefined when finding them would cost more than is left.
 * What makes a part prime is an N: a before c, b before c and d, a not before d. It is freed by a gate at c, which lifts the
 * middle stroke b → c, or by one at d, which lifts the side stroke b → d. A gate costs the same however many edges of its
 * task it lifts, so tasks are compared by the N that a gate at them frees.
 */
export function worstObstacles(order: PartialOrder, part: Part, budget: WorkBudget): Link[] | undefined {
  const graph = twinGraphOf(order, part);
  budget.left -= costOf(order, part, graph);
  if (budget.left < 0) return undefined;
  order.close(part);
  const strokes = strokesOf(order, graph);
  const proposals = proposalsOf(graph, strokes);
  const lifted =
    proposals.length > 0
      ? chosenFrom(proposals, strokes, part.vertices.length / VERTICES_PER_LIFT)
      : longestEntrances(order, graph, part.vertices.length / VERTICES_PER_GUESS);
  return lifted.map(({ from, to }) => ({ from: from.members, to: to.members }));
}

/** Closing the part, and comparing what `strokesOf` compares, from above. */
function costOf(order: PartialOrder, { vertices }: Part, { twins }: TwinGraph): number {
  let edges = 0;
  for (const vertex of vertices) edges += order.producers(vertex).length;
  let pairs = 0;
  for (const { entrances } of twins) {
    let consumers = 0;
    for (const { from } of entrances) consumers += from.exits.length;
    pairs += consumers + entrances.length * Math.min(consumers, twins.length);
  }
  return (edges + vertices.length) * (vertices.length / 32) + pairs;
}

/** By entrance: the N in which an edge of it is the middle stroke, or the side stroke. */
interface Strokes {
  readonly middle: Uint32Array;
  readonly side: Uint32Array;
}

function strokesOf(order: PartialOrder, { twins, entrances }: TwinGraph): Strokes {
  const middle = new Uint32Array(entrances.length);
  const side = new Uint32Array(entrances.length);
  // What `strangers` said last of each d, and of which c: in a complete stage all entrances ask about the same few.
  const known = new Uint32Array(twins.length);
  const asked = new Uint32Array(twins.length).fill(twins.length);
  for (const c of twins) {
    if (c.entrances.length < 2) continue;
    for (const stroke of c.entrances) {
      for (const other of stroke.from.exits) {
        const d = other.to;
        if (asked[d.index] !== c.index) known[d.index] = strangers(order, c, d);
        asked[d.index] = c.index;
        middle[stroke.index] = at(middle, stroke.index) + at(known, d.index) * d.members.length;
        side[other.index] = at(side, other.index) + at(known, d.index) * c.members.length;
      }
    }
  }
  return { middle, side };
}

/** The producers of `c` that do not come before `d`. */
function strangers(order: PartialOrder, c: Twins, d: Twins): number {
  const [late = 0] = d.members;
  let count = 0;
  for (const { from } of c.entrances) {
    const [early = 0] = from.members;
    if (!order.precedes(early, late)) count += from.members.length;
  }
  return count;
}

/** A gate at each of these twins, which lifts one kind of stroke. */
interface Proposal {
  readonly twins: Twins;
  readonly stroke: keyof Strokes;
  /** The N that a gate at one of them frees. */
  readonly worth: number;
}

function proposalsOf({ twins }: TwinGraph, strokes: Strokes): Proposal[] {
  const proposals: Proposal[] = [];
  for (const each of twins) {
    const middle = freed(each, strokes.middle);
    const side = SIDE_STROKE * freed(each, strokes.side);
    if (middle > 0) proposals.push({ twins: each, stroke: 'middle', worth: middle });
    if (side > 0) proposals.push({ twins: each, stroke: 'side', worth: side });
  }
  return proposals.sort((one, other) => other.worth - one.worth);
}

function freed({ entrances }: Twins, strokes: Uint32Array): number {
  let sum = 0;
  for (const { from, index } of entrances) sum += at(strokes, index) * from.members.length;
  return sum;
}

function liftedBy({ twins, stroke }: Proposal, strokes: Strokes): readonly Entrance[] {
  const counts = strokes[stroke];
  const [first, second, third] = twins.entrances;
  if (stroke === 'middle' && first && second && !third) {
    // Of two entrances the weaker stays: a task that follows neither any more is nowhere in the tree.
    return at(counts, first.index) > at(counts, second.index) ? [first] : [second];
  }
  return twins.entrances.filter(({ index }) => at(counts, index) > 0);
}

/** The best ones. What gives up a middle stroke in this look keeps its side strokes, and the other way round: either frees it. */
function chosenFrom(proposals: readonly Proposal[], strokes: Strokes, enough: number): Entrance[] {
  const least = (proposals[0]?.worth ?? 0) * WORTH_ANOTHER_LOOK;
  const given = new Map<Twins, keyof Strokes>();
  const chosen: Entrance[] = [];
  let gated = 0;
  for (const proposal of proposals) {
    const { twins, stroke, worth } = proposal;
    if (gated >= enough || worth < least) break;
    const lifted = liftedBy(proposal, strokes);
    if (lifted.some(({ from }) => (given.get(from) ?? stroke) !== stroke)) continue;
    for (const { from } of lifted) given.set(from, stroke);
    chosen.push(...lifted);
    gated += twins.members.length;
  }
  return chosen;
}

/**
 * Where every N has a path for its middle stroke nothing is worth anything. The side entrance of a join then spans more of
 * the order than the last edge of any path to it.
 */
function longestEntrances(order: PartialOrder, { twins }: TwinGraph, enough: number): Entrance[] {
  const spanOf = ({ from, to }: Entrance): number =>
    order.before(to.members[0] ?? 0) - order.before(from.members[0] ?? 0);
  const joins = twins.filter(({ entrances }) => entrances.length > 1).flatMap(({ entrances }) => entrances);
  return joins.sort((one, other) => spanOf(other) - spanOf(one)).slice(0, Math.ceil(enough));
}
