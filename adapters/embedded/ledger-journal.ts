import type { ExecutionId, TaskPath } from '../../core/ids/index.ts';
import type { LedgerWrite } from '../../core/ports/index.ts';

/** What lies below a ledger in memory: where it comes from, and where its commits go. Its reads are at once. */
export interface LedgerJournal {
  /** Is there such an execution, and has it not ended? */
  isOpen(execution: ExecutionId): boolean;
  /** Records and watches that are stored of an execution, as writes that would make them. */
  load(execution: ExecutionId): readonly LedgerWrite[];
  /** The highest number of each path's events. */
  loadEventNumbers(execution: ExecutionId): readonly (readonly [path: TaskPath | '', n: number])[];
  /** The queues, of all executions. */
  loadParked(): readonly LedgerWrite[];
  /** What belongs to no execution. */
  loadControls(): readonly LedgerWrite[];
  hasBusEvent(id: string): boolean;
  /** Takes away control records that are useless at this time (epoch milliseconds), before whatever is appended from now on. */
  forgetControls(now: number): void;
  /** Takes a commit whose conditions held, in the order of the calls. Resolves once it, and all before it, is durable. */
  append(writes: readonly LedgerWrite[]): Promise<void>;
}
