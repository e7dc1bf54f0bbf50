import type { Link, Part, PartialOrder } from './partial-order.ts';

/** How much the search may still cost, in pairs looked at and words compared. Counted, not timed: same graph, same plan. */
export interface WorkBudget {
  left: number;
}

/**
 * A part is relieved of one edge for every so many of its vertices before it is looked at again. On 250 real graphs this gave
 * as few gated tasks as smaller steps did, several times faster.
 */
const VERTICES_PER_LIFT = 8;

interface Obstacle extends Link {
  readonly score: number;
  readonly span: number;
}

/**
 * The edges most in the way of splitting a prime part; undefined when finding them would cost more than is left.
 * What makes a part prime is an N: a before c, b before c and d, a not before d. The edge b → c is its middle stroke, so
 * an edge scores the pairs (a, d) around it.
 */
export function worstObstacles(order: PartialOrder, part: Part, budget: WorkBudget): Link[] | undefined {
  budget.left -= costOf(order, part);
  if (budget.left < 0) return undefined;
  order.close(part);
  const entrances = part.vertices.flatMap((vertex) => entrancesOf(order, vertex));
  const middles = entrances.filter(({ score }) => score > 0);
  // Where every N has a path for its middle stroke nothing scores. The side entrance of a join then spans more of the order
  // than the last edge of any path to it.
  const obstacles = middles.length > 0 ? middles : entrances;
  obstacles.sort((one, other) => other.score - one.score || other.span - one.span);
  return obstacles.slice(0, Math.max(1, Math.floor(part.vertices.length / VERTICES_PER_LIFT)));
}

/** Closing the part, and comparing what `entrancesOf` compares, from above. */
function costOf(order: PartialOrder, { vertices }: Part): number {
  const words = vertices.length / 32;
  let cost = vertices.length * words;
  for (const vertex of vertices) {
    const producers = order.producers(vertex);
    if (producers.length < 2) continue;
    let consumers = 0;
    for (const producer of producers) consumers += order.consumers(producer).length;
    cost += producers.length * (words + Math.min(consumers, vertices.length)) + consumers;
  }
  return cost;
}

/** The edges into a join. Others are in nobody's way. */
function entrancesOf(order: PartialOrder, to: number): Obstacle[] {
  const producers = order.producers(to);
  if (producers.length < 2) return [];
  // By consumer. In a stage where everyone waits for everyone of the last, all edges ask about the same few.
  const notBefore = new Map<number, number>();
  const countNotBefore = (consumer: number): number => {
    let count = 0;
    for (const producer of producers) if (!order.precedes(producer, consumer)) count++;
    notBefore.set(consumer, count);
    return count;
  };
  return producers.map((from) => {
    let score = 0;
    for (const consumer of order.consumers(from)) score += notBefore.get(consumer) ?? countNotBefore(consumer);
    return { from, to, score, span: order.before(to) - order.before(from) };
  });
}
