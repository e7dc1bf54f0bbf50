import type { AgentSlot, AgentType, TaskError, Usage } from '../agents/index.ts';
import type { ExecutionId, Handle, TaskPath } from '../ids/index.ts';
import type { Json } from '../json/index.ts';

/** One attempt, as the runtime is asked to make it. */
export interface AgentCall {
  readonly handle: Handle;
  readonly execution: ExecutionId;
  readonly path: TaskPath;
  readonly task: string;
  /** The agent's name in the workflow. */
  readonly agent: string;
  readonly agentType: AgentType;
  readonly attempt: number;
  readonly idempotencyKey: string;
  readonly input: Json;
  readonly index: number;
  readonly count: number;
  /** Epoch milliseconds: the attempt's timeout. */
  readonly deadline: number;
  /** Absent: its agent has no pool. */
  readonly slot?: AgentSlot;
}

/** How many calls a runtime can take at once, and what that limit is called (`workers`). */
export interface AgentCapacity {
  readonly limit: string;
  readonly size: number;
  readonly free: number;
}

/** Runs agents of one kind. It answers nothing itself: answers come by the handle, through AgentAnswers. */
export interface AgentRuntime {
  /**
   * Resolves once the call is accepted; repeated with the same handle while that call lives, it changes nothing.
   * Throws UnavailableError when the agent cannot be reached: the engine settles the attempt as AgentUnavailable.
   */
  call(call: AgentCall): Promise<void>;
  /**
   * Tells the agent to stop. Best effort: it may still answer, and go on for `patience` milliseconds (default: the runtime's
   * own) where the runtime can end it.
   */
  cancel(handle: Handle, why: string, patience?: number): Promise<void>;
  /** Undefined: no limit of its own. */
  capacity(agentType: AgentType): AgentCapacity | undefined;
  /** May a call still be answered after the engine's process has died? Not by a worker process; by a server it may. */
  outlivesEngine(agentType: AgentType): boolean;
}

/** Where answers of agents go in. Each resolves once the answer is durable. `usage`: what the attempt has used, where its agent says. */
export interface AgentAnswers {
  complete(handle: Handle, output: Json, usage?: Usage): Promise<void>;
  fail(handle: Handle, error: TaskError, usage?: Usage): Promise<void>;
  heartbeat(handle: Handle): Promise<void>;
}
