import type { AgentType } from '../core/agents/index.ts';
import type { ExecutionRecord, TaskRecord } from '../core/execution/index.ts';
import type { PlannedTask } from '../core/plan/index.ts';
import type { LoadedWorkflow } from './engine-context.ts';

/** What one look at the ledger has shown of a task. Everything admission decides, it decides from this. */
export interface Look {
  readonly execution: ExecutionRecord;
  readonly workflow: LoadedWorkflow;
  readonly planned: PlannedTask;
  readonly agentType: AgentType;
  readonly record: TaskRecord;
  /** Of the state that waits for this task; undefined only before its machine has come there. */
  readonly token: string | undefined;
  /** The highest Lamport clock of what a decision rests on. */
  readonly after: number;
}
