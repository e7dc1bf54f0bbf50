import type { AgentType } from '../core/agents/index.ts';
import type { ExecutionRecord, TaskRecord } from '../core/execution/index.ts';
import type { AgentTask, PlannedTask } from '../core/plan/index.ts';
import type { LoadedWorkflow } from './engine-context.ts';

/** What one look at the ledger has shown of a task. Everything admission decides, it decides from this. */
export interface Look {
  readonly execution: ExecutionRecord;
  readonly workflow: LoadedWorkflow;
  readonly planned: PlannedTask;
  readonly record: TaskRecord;
  /** Of the state that waits for this task; undefined before its machine has come there, and for calls of a `for_each`. */
  readonly token: string | undefined;
  /** A state asks, or its process has died: timers are set anew, because a crash forgets them. Else somebody woke it. */
  readonly isAsked: boolean;
  /** The highest Lamport clock of what a decision rests on. */
  readonly after: number;
}

/** A look at a task that calls an agent. */
export interface AgentLook extends Look {
  readonly planned: AgentTask;
  readonly agentType: AgentType;
}
