import { InvariantError } from '../errors/index.ts';
import { at } from './at.ts';
import { BitMatrix } from './bit-matrix.ts';
import { graphOf, topologicalOrder, type Edge } from './graph.ts';
import type { Block } from './plan.ts';

/**
 * The promise of every compile: what skeleton and gates order together is what the author's graph orders, no more (no task
 * waits for nothing) and no less. Counted anew from the tree, not from what the decomposition believed.
 */
export function assertSameOrder(
  ancestors: BitMatrix,
  count: number,
  skeleton: Block<number>,
  gates: readonly Edge[],
): void {
  const { edges, vertices } = edgesOf(skeleton, count);
  const graph = graphOf(vertices, [...edges, ...gates]);
  const ordered = new BitMatrix(vertices, count);
  for (const vertex of topologicalOrder(graph)) {
    for (const edge of graph.into[vertex] ?? []) {
      const producer = at(graph.source, edge);
      ordered.include(vertex, producer);
      if (producer < count) ordered.add(vertex, producer);
    }
  }
  for (let task = 0; task < count; task++) {
    if (!ordered.sameRow(task, ancestors)) throw notTheSame(task);
  }
}

/** The tree as edges. A Parallel becomes two vertices of its own, numbered after the tasks, or wide ones would be quadratic. */
function edgesOf(skeleton: Block<number>, count: number): { edges: Edge[]; vertices: number } {
  const edges: Edge[] = [];
  const seen = new Uint8Array(count);
  let vertices = count;
  /** Returns the first and last vertex of a block. */
  const read = (block: Block<number>): Edge => {
    if (block.kind === 'task') {
      if (seen[block.task] !== 0) throw notTheSame(block.task);
      seen[block.task] = 1;
      return [block.task, block.task];
    }
    const first = vertices++;
    const last = vertices++;
    const ends = block.blocks.map(read);
    for (const [index, [start, end]] of ends.entries()) {
      const parallel = block.kind === 'parallel';
      edges.push([parallel ? first : (ends[index - 1]?.[1] ?? first), start]);
      if (parallel || index === ends.length - 1) edges.push([end, last]);
    }
    return [first, last];
  };
  read(skeleton);
  const missing = seen.indexOf(0);
  if (missing >= 0) throw notTheSame(missing);
  return { edges, vertices };
}

function notTheSame(task: number): InvariantError {
  return new InvariantError({
    code: 'skeleton_changes_order',
    message: `Skeleton and gates do not order task ${task} as the graph does.`,
    details: { task },
  });
}
