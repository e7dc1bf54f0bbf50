import type { Block, PlannedTask } from '../../core/plan/index.ts';
import type { BranchWriter } from '../asl/branch-writer.ts';

/** What the lowering of one kind of node may know of the rest. */
export interface Lowering {
  task(id: string): PlannedTask;
  /** The name of a task's state: its id, wherever that is legal. */
  nameOf(id: string): string;
  /** A name for any other state. */
  claim(wish: string): string;
  /** Lowers a block of whatever kind into this branch. */
  lower(block: Block, writer: BranchWriter): void;
}
