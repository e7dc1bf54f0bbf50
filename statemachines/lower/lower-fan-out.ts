import { itemPath, taskPath } from '../../core/ids/index.ts';
import type { BranchWriter } from '../asl/branch-writer.ts';
import { lowerTask } from './lower-task.ts';
import type { Lowering } from './lowering.ts';

/** A static fan-out: a Parallel named for the task, with a visible state for each item. */
export function lowerFanOut(task: { id: string; fanOut: number }, writer: BranchWriter, lowering: Lowering): void {
  const branches = Array.from({ length: task.fanOut }, (_, index) => {
    const path = itemPath(taskPath(task.id), index);
    const branch = writer.branch();
    lowerTask(path, lowering.claim(path), branch);
    return branch.finish();
  });
  writer.append(lowering.nameOf(task.id), ({ transition }) => ({
    Type: 'Parallel',
    Branches: branches,
    Output: {},
    ...transition,
  }));
}
