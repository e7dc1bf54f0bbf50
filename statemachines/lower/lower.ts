import { assertNever, InvariantError } from '../../core/errors/index.ts';
import type { Block, Plan, PlannedTask } from '../../core/plan/index.ts';
import type { Machine } from '../asl/asl.ts';
import { BranchWriter } from '../asl/branch-writer.ts';
import { NameTable } from '../asl/name-table.ts';
import { assertSound } from '../asl/structure.ts';
import { frame } from './frame.ts';
import { lowerFanOut } from './lower-fan-out.ts';
import { lowerGroup } from './lower-group.ts';
import { lowerLoop } from './lower-loop.ts';
import { lowerParallel } from './lower-parallel.ts';
import { lowerSeries } from './lower-series.ts';
import { lowerTask } from './lower-task.ts';
import type { Lowering } from './lowering.ts';

/** What stands for blocks that are not lowered where they are. */
export type Replacements = ReadonlyMap<Block, (writer: BranchWriter, lowering: Lowering) => void>;

/** begin → work → conclude → verdict → succeeded or failed. A function of the plan alone: same plan, same bytes. */
export function lower(plan: Plan): Machine {
  return lowerWith(plan, plan.tasks, new Map());
}

/** As `lower`; `own` are the tasks whose states are in this machine. */
export function lowerWith(plan: Plan, own: readonly PlannedTask[], replacements: Replacements): Machine {
  const names = new NameTable();
  const lowering = createLowering({ plan, own, names, replacements });
  const work = new BranchWriter(names);
  lowering.lower(plan.skeleton, work);
  return assertSound(frame(work.finish(), (wish) => names.claim(wish)));
}

export interface LoweringInput {
  readonly plan: Plan;
  /** Tasks that have a state in the machine. */
  readonly own: readonly PlannedTask[];
  readonly names: NameTable;
  readonly replacements: Replacements;
}

export function createLowering({ plan: { tasks }, own, names, replacements }: LoweringInput): Lowering {
  const byId = new Map(tasks.map((task) => [task.id, task]));
  // Tasks come first: a task called `begin` keeps its name, and ours gives way.
  const named = new Map(own.map(({ id }) => [id, names.claim(id)]));
  const rounds = new Map(tasks.filter(({ kind }) => kind === 'loop').map(({ id }, at) => [id, `round${at + 1}`]));
  const known = (id: string): PlannedTask => byId.get(id) ?? unknownTask(id);
  const roundsAround = (id: string): readonly string[] => {
    const { container } = known(id);
    if (container === undefined) return [];
    const round = rounds.get(container);
    return round === undefined ? roundsAround(container) : [...roundsAround(container), round];
  };
  const lowering: Lowering = {
    task: known,
    nameOf: (id) => named.get(id) ?? unknownTask(id),
    claim: (wish) => names.claim(wish),
    roundOf: (loop) => rounds.get(loop) ?? unknownTask(loop),
    roundsAround,
    lower: (block, writer) => {
      const replace = replacements.get(block);
      if (replace) replace(writer, lowering);
      else lowerBlock(block, writer, lowering);
    },
  };
  return lowering;
}

function lowerBlock(block: Block, writer: BranchWriter, lowering: Lowering): void {
  switch (block.kind) {
    case 'task':
      return lowerPlanned(lowering.task(block.task), writer, lowering);
    case 'series':
      return lowerSeries(block.blocks, writer, lowering);
    case 'parallel':
      return lowerParallel(block.blocks, writer, lowering);
    default:
      return assertNever(block, 'A block of the skeleton');
  }
}

function lowerPlanned(task: PlannedTask, writer: BranchWriter, lowering: Lowering): void {
  const { id } = task;
  if (task.kind === 'agent' && task.fanOut !== undefined) return lowerFanOut(id, task.fanOut, writer, lowering);
  switch (task.kind) {
    case 'agent':
    case 'workflow':
    case 'wait':
    case 'emit':
    case 'checkpoint':
      return lowerTask({ task: id, name: lowering.nameOf(id), rounds: lowering.roundsAround(id) }, writer);
    case 'loop':
      return lowerLoop(task, writer, lowering);
    case 'group':
      return lowerGroup(task, writer, lowering);
    default:
      return assertNever(task, 'A kind of task');
  }
}

function unknownTask(id: string): never {
  throw new InvariantError({ code: 'unknown_task', message: `The skeleton names task ${id}, which the plan lacks.` });
}
