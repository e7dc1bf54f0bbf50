import type { GroupTask } from '../../core/plan/index.ts';
import type { BranchWriter } from '../asl/branch-writer.ts';
import type { Lowering } from './lowering.ts';

/** A group: one box, in the console too. A Parallel inside it would be a second box around the same tasks. */
export function lowerGroup({ id, region }: GroupTask, writer: BranchWriter, lowering: Lowering): void {
  const { skeleton } = region;
  const blocks = skeleton.kind === 'parallel' ? skeleton.blocks : [skeleton];
  const branches = blocks.map((block) => {
    const branch = writer.branch();
    lowering.lower(block, branch);
    return branch.finish();
  });
  writer.append(lowering.nameOf(id), ({ transition }) => ({
    Type: 'Parallel',
    Branches: branches,
    Output: {},
    ...transition,
  }));
}
