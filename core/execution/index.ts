// The ledger's rules.
// Takes: plans, records, commands. Gives: statuses, causes, events, and what to write next. Never: a store, a clock.
export type { Cause } from './cause.ts';
export { settlingEvents, type EventBody, type EventType, type SkeinEvent } from './event.ts';
export type {
  Attempt,
  ExecutionRecord,
  HandleRecord,
  LimitRecord,
  ParkedEntry,
  SettledTaskRecord,
  StopReason,
  StoredValue,
  TaskRecord,
  Watch,
} from './record.ts';
export {
  executionStatuses,
  isSettled,
  isTerminal,
  settledTaskStatuses,
  taskStatuses,
  terminalExecutionStatuses,
  type ExecutionStatus,
  type SettledTaskStatus,
  type TaskStatus,
  type TerminalExecutionStatus,
} from './status.ts';
