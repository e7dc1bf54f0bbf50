import fc from 'fast-check';
import type { Block, TaskGraph } from '../../core/plan/index.ts';

type Edge = readonly [from: number, to: number];

/** Any acyclic graph, numbered so that the author's order says nothing about the edges. */
export function randomGraph(most: number): fc.Arbitrary<TaskGraph> {
  return fc.integer({ min: 1, max: most }).chain((count) =>
    fc
      .record({
        order: fc.shuffledSubarray(
          Array.from({ length: count }, (_, index) => index),
          { minLength: count },
        ),
        pairs: fc.array(fc.tuple(fc.nat(count - 1), fc.nat(count - 1)), { maxLength: 3 * count }),
      })
      .map(({ order, pairs }) => ({
        count,
        edges: pairs
          .filter(([one, other]) => one !== other)
          .map(([one, other]): Edge => [order[Math.min(one, other)]!, order[Math.max(one, other)]!]),
      })),
  );
}

/** Any series-parallel tree over the tasks 0 … n-1, without a block that holds one of its own kind. */
export const randomBlock: fc.Arbitrary<Block<number>> = fc
  .letrec<{ block: Shape }>((tie) => ({
    block: fc.oneof(
      { maxDepth: 5, withCrossShrink: true },
      fc.constant('task' as const),
      fc.array(tie('block'), { minLength: 2, maxLength: 4 }),
    ),
  }))
  .block.map((shape) => numbered(shape, 'parallel', { next: 0 }));

type Shape = 'task' | readonly Shape[];

function numbered(shape: Shape, kind: 'series' | 'parallel', counter: { next: number }): Block<number> {
  if (shape === 'task') return { kind: 'task', task: counter.next++ };
  const inner = kind === 'series' ? 'parallel' : 'series';
  return { kind, blocks: shape.map((part) => numbered(part, inner, counter)) };
}

/** For each task the tasks that come before it, found by walking backwards from each: slow, and plain to see. */
export function ancestorsIn({ count, edges }: TaskGraph): ReadonlySet<number>[] {
  const producers = Array.from({ length: count }, (): number[] => []);
  for (const [from, to] of edges) producers[to]!.push(from);
  return producers.map((direct) => {
    const found = new Set(direct);
    for (const task of found) for (const producer of producers[task]!) found.add(producer);
    return found;
  });
}

/** Every ordered pair of a tree, one by one. */
export function pairsOf(block: Block<number>): Edge[] {
  if (block.kind === 'task') return [];
  const inside = block.blocks.flatMap(pairsOf);
  if (block.kind === 'parallel') return inside;
  const members = block.blocks.map(tasksOf);
  const across = members.flatMap((later, index) =>
    members.slice(0, index).flatMap((earlier) => earlier.flatMap((from) => later.map((to): Edge => [from, to]))),
  );
  return [...inside, ...across];
}

export function tasksOf(block: Block<number>): number[] {
  return block.kind === 'task' ? [block.task] : block.blocks.flatMap(tasksOf);
}

/** `layers` rows of `width` tasks; each has two producers in the row above, drawn from a seed. */
export function layeredGraph(layers: number, width: number, seed: number): TaskGraph {
  const draw = generator(seed);
  const edges = Array.from({ length: (layers - 1) * width * 2 }, (_, index): Edge => {
    const to = width + Math.floor(index / 2);
    return [(Math.floor(to / width) - 1) * width + draw(width), to];
  });
  return { count: layers * width, edges };
}

/** A linear congruential generator; the low bits repeat soon, so the high ones are used. */
function generator(seed: number): (below: number) => number {
  let value = seed;
  return (below) => {
    value = (Math.imul(value, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((value / 2 ** 32) * below);
  };
}
