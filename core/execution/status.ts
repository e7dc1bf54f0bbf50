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

/** What becomes of a settled task whose effect a saga undoes. */
export const undoStatuses = ['compensating', 'compensated', 'compensation_failed'] as const;
export type UndoStatus = (typeof undoStatuses)[number];

export const executionStatuses = [
  'planning',
  'queued',
  'running',
  'paused',
  'stopping',
  'compensating',
  'succeeded',
  'failed',
  'cancelled',
  'timed_out',
  'compensated',
  'compensation_failed',
] as const;
export type ExecutionStatus = (typeof executionStatuses)[number];

export const terminalExecutionStatuses = [
  'succeeded',
  'failed',
  'cancelled',
  'timed_out',
  'compensated',
  'compensation_failed',
] as const;
export type TerminalExecutionStatus = (typeof terminalExecutionStatuses)[number];

/** No task of the execution starts any more: it is being stopped, undoes what was done, or has ended. */
export function isStopped(status: ExecutionStatus): boolean {
  return status === 'stopping' || status === 'compensating' || isTerminal(status);
}

export function isTerminal(status: ExecutionStatus): status is TerminalExecutionStatus {
  return (terminalExecutionStatuses as readonly ExecutionStatus[]).includes(status);
}
