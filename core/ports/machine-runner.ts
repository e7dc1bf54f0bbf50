import type { ExecutionId } from '../ids/index.ts';
import type { Json } from '../json/index.ts';

/** Runs compiled machines: Step Functions, or the embedded interpreter. */
export interface MachineRunner {
  /** Starts the machine of a published workflow under the execution's name. Starting one that runs changes nothing. */
  start(execution: ExecutionId, workflow: { name: string; version: string }, input: Json): Promise<void>;
  /** Ends it as ABORTED. One that has ended stays as it is. */
  stop(execution: ExecutionId, cause: string): Promise<void>;
}

/**
 * Answers to states that wait with a task token: `false` when nobody waits with it any more. That is normal (late answers,
 * aborted branches) and no error: the ledger decides.
 */
export interface TaskTokens {
  succeed(token: string, output: Json): Promise<boolean>;
  fail(token: string, error: string, cause: string): Promise<boolean>;
}
