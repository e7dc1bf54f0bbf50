import { itemPath, taskPath } from '../../core/ids/index.ts';
import type { BranchWriter } from '../asl/branch-writer.ts';
import { lowerTask } from './lower-task.ts';
import type { Lowering } from './lowering.ts';

/** A static fan-out: a Parallel named for the task, with a visible state for each item. */
export function lowerFanOut(id: string, items: number, writer: BranchWriter, lowering: Lowering): void {
  const rounds = lowering.roundsAround(id);
  const branches = Array.from({ length: items }, (_, index) => {
    const task = itemPath(taskPath(id), index);
    const branch = writer.branch();
    lowerTask({ task, name: lowering.claim(task), rounds }, branch);
    return branch.finish();
  });
  writer.append(lowering.nameOf(id), ({ transition }) => ({
    Type: 'Parallel',
    Branches: branches,
    Output: {},
    ...transition,
  }));
}
