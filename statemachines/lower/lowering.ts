import type { Block, PlannedTask } from '../../core/plan/index.ts';
import type { BranchWriter } from '../asl/branch-writer.ts';

/** What the lowering of one kind of node may know of the rest. */
export interface Lowering {
  task(id: string): PlannedTask;
  /** The name of a task's state: its id, wherever that is legal. */
  nameOf(id: string): string;
  /** A name for any other state. */
  claim(wish: string): string;
  /** The variable of a loop's iteration. Each loop has its own: inner scopes must not have a name of an outer one. */
  roundOf(loop: string): string;
  /** Those of the loops around a task, outermost first. */
  roundsAround(id: string): readonly string[];
  /** Lowers a block of whatever kind into this branch. */
  lower(block: Block, writer: BranchWriter): void;
}
