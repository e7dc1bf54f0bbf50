import { assertNever, InvariantError } from '../../core/errors/index.ts';
import type { Block, Plan, PlannedTask } from '../../core/plan/index.ts';
import type { Machine } from '../asl/asl.ts';
import { BranchWriter } from '../asl/branch-writer.ts';
import { NameTable } from '../asl/name-table.ts';
import { assertSound } from '../asl/structure.ts';
import { frame } from './frame.ts';
import { lowerFanOut } from './lower-fan-out.ts';
import { lowerParallel } from './lower-parallel.ts';
import { lowerSeries } from './lower-series.ts';
import { lowerTask } from './lower-task.ts';
import type { Lowering } from './lowering.ts';

/** begin → work → conclude → verdict → succeeded or failed. A function of the plan alone: same plan, same bytes. */
export function lower(plan: Plan): Machine {
  const names = new NameTable();
  // Tasks come first: a task called `begin` keeps its name, and ours gives way.
  const tasks = new Map(plan.tasks.map((task) => [task.id, { task, name: names.claim(task.id) }]));
  const known = (id: string): { task: PlannedTask; name: string } => tasks.get(id) ?? unknownTask(id);
  const lowering: Lowering = {
    task: (id) => known(id).task,
    nameOf: (id) => known(id).name,
    claim: (wish) => names.claim(wish),
    lower: (block, writer) => lowerBlock(block, writer, lowering),
  };
  const work = new BranchWriter(names);
  lowerBlock(plan.skeleton, work, lowering);
  return assertSound(frame(work.finish(), (wish) => names.claim(wish)));
}

function lowerBlock(block: Block, writer: BranchWriter, lowering: Lowering): void {
  switch (block.kind) {
    case 'task': {
      const { id, fanOut } = lowering.task(block.task);
      if (fanOut === undefined) return lowerTask(id, lowering.nameOf(id), writer);
      return lowerFanOut({ id, fanOut }, writer, lowering);
    }
    case 'series':
      return lowerSeries(block.blocks, writer, lowering);
    case 'parallel':
      return lowerParallel(block.blocks, writer, lowering);
    default:
      return assertNever(block, 'A block of the skeleton');
  }
}

function unknownTask(id: string): never {
  throw new InvariantError({ code: 'unknown_task', message: `The skeleton names task ${id}, which the plan lacks.` });
}
