import type { Block } from '../../core/plan/index.ts';
import type { BranchWriter } from '../asl/branch-writer.ts';
import type { Lowering } from './lowering.ts';

/** One after the other in the same branch. Nothing at all still needs a state, or the branch would not be one. */
export function lowerSeries(blocks: readonly Block[], writer: BranchWriter, lowering: Lowering): void {
  for (const block of blocks) lowering.lower(block, writer);
  if (blocks.length === 0) {
    writer.append(lowering.claim('nothing to do'), ({ transition }) => ({ Type: 'Pass', ...transition }));
  }
}
