import type { AgentSlot, AgentTask, TaskError, Usage } from '../../core/agents/index.ts';
import type { LogSource } from './agent-log.ts';

/** What a call needs on the other side; `id` names it in every message about it. */
export interface WorkerCall {
  readonly kind: 'call';
  readonly id: number;
  /** Absolute path of the agent's module. */
  readonly module: string;
  readonly task: AgentTask;
  readonly context: {
    readonly execution: string;
    readonly agent: string;
    readonly attempt: number;
    readonly idempotencyKey: string;
    readonly slot?: AgentSlot;
  };
}

export type ToWorker = WorkerCall | { readonly kind: 'abort'; readonly id: number; readonly why: string };

export type FromWorker =
  /** It can take calls now. */
  | { readonly kind: 'ready' }
  /** The answer as JSON text: cheaper to pass than its structured clone, and certainly JSON. */
  | { readonly kind: 'answered'; readonly id: number; readonly text: string }
  | { readonly kind: 'failed'; readonly id: number; readonly error: TaskError }
  | { readonly kind: 'heartbeat'; readonly id: number }
  /** All that the call has used so far: said at once, so that it is known also of a worker that dies. */
  | { readonly kind: 'usage'; readonly id: number; readonly total: Usage }
  | { readonly kind: 'log'; readonly id: number; readonly source: LogSource; readonly text: string }
  /** Something went wrong outside of any live call: this worker should not take another one. */
  | { readonly kind: 'unfit'; readonly why: string };
