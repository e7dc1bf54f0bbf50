import { at } from './at.ts';
import type { Edge, Graph } from './graph.ts';
import type { Block } from './plan.ts';

/**
 * The edges of a reduced graph that its skeleton does not imply. No path implies an edge of a reduced graph, so each of
 * these needs a gate and no other does.
 */
export function gatesOf(reduced: Graph, skeleton: Block<number>): Edge[] {
  // A series-parallel order is what two readings of the tree agree on: one forward, one with every Parallel turned round.
  const forward = positionsIn(skeleton, reduced.count, (blocks) => blocks);
  const turned = positionsIn(skeleton, reduced.count, (blocks) => blocks.toReversed());
  const gates: Edge[] = [];
  reduced.source.forEach((from, edge) => {
    const to = at(reduced.target, edge);
    const implied = at(forward, from) < at(forward, to) && at(turned, from) < at(turned, to);
    if (!implied) gates.push([from, to]);
  });
  return gates;
}

type Reading = (parallel: readonly Block<number>[]) => readonly Block<number>[];

function positionsIn(skeleton: Block<number>, count: number, reading: Reading): Uint32Array {
  const positions = new Uint32Array(count);
  let position = 0;
  const read = (block: Block<number>): void => {
    if (block.kind === 'task') positions[block.task] = position++;
    else for (const part of block.kind === 'parallel' ? reading(block.blocks) : block.blocks) read(part);
  };
  read(skeleton);
  return positions;
}
