export const taskStatuses = [
  'pending',
  'parked',
  'running',
  'succeeded',
  'failed',
  'skipped',
  'upstream_failed',
  'cancelled',
  'unknown',
] as const;
export type TaskStatus = (typeof taskStatuses)[number];

export const settledTaskStatuses = [
  'succeeded',
  'failed',
  'skipped',
  'upstream_failed',
  'cancelled',
  'unknown',
] as const satisfies readonly TaskStatus[];
export type SettledTaskStatus = (typeof settledTaskStatuses)[number];

export function isSettled(status: TaskStatus): status is SettledTaskStatus {
  return (settledTaskStatuses as readonly TaskStatus[]).includes(status);
}

export const executionStatuses = [
  'planning',
  'queued',
  'running',
  'paused',
  'stopping',
  'succeeded',
  'failed',
  'cancelled',
  'timed_out',
] as const;
export type ExecutionStatus = (typeof executionStatuses)[number];

export const terminalExecutionStatuses = ['succeeded', 'failed', 'cancelled', 'timed_out'] as const;
export type TerminalExecutionStatus = (typeof terminalExecutionStatuses)[number];

/** Nothing of the execution starts any more: it is being stopped, or has ended. */
export function isStopped(status: ExecutionStatus): boolean {
  return status === 'stopping' || isTerminal(status);
}

export function isTerminal(status: ExecutionStatus): status is TerminalExecutionStatus {
  return (terminalExecutionStatuses as readonly ExecutionStatus[]).includes(status);
}
