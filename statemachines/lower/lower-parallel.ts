import type { Block } from '../../core/plan/index.ts';
import type { BranchWriter } from '../asl/branch-writer.ts';
import type { Lowering } from './lowering.ts';

/** The Parallel itself never fails: tasks catch their failures inside, so no branch aborts another. Its output is nobody's. */
export function lowerParallel(blocks: readonly Block[], writer: BranchWriter, lowering: Lowering): void {
  const name = lowering.claim(labelOf(blocks));
  const branches = blocks.map((block) => {
    const branch = writer.branch();
    lowering.lower(block, branch);
    return branch.finish();
  });
  writer.append(name, ({ transition }) => ({ Type: 'Parallel', Branches: branches, Output: {}, ...transition }));
}

/** The first tasks of the first branches. No other Parallel has the same two, so the label is nearly always the name. */
function labelOf(blocks: readonly Block[]): string {
  const named = blocks.length > 3 ? 2 : 3;
  const firsts = blocks.slice(0, named).map(firstTask);
  return [...firsts, ...(blocks.length > named ? [`${blocks.length - named} more`] : [])].join(' | ');
}

function firstTask(block: Block): string {
  if (block.kind === 'task') return block.task;
  const [first] = block.blocks;
  return first ? firstTask(first) : '';
}
