import type { ExecutionId, TaskPath } from '../../core/ids/index.ts';
import type { AgentCall } from '../../core/ports/index.ts';

export type LogSource = 'log' | 'stdout' | 'stderr';

/** A line that an agent wrote, or that is about its worker. For the person who watches; never stored as truth. */
export interface AgentLog {
  readonly execution: ExecutionId;
  readonly path: TaskPath;
  readonly agent: string;
  readonly attempt: number;
  /** `log` is `context.log`; the other two are what the agent and its libraries print. */
  readonly source: LogSource;
  readonly text: string;
}

export function logOf({ execution, path, agent, attempt }: AgentCall, source: LogSource, text: string): AgentLog {
  return { execution, path, agent, attempt, source, text };
}
