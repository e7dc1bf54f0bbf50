// The ledger's rules.
// Takes: plans, records, commands. Gives: statuses, causes, events, and what to write next. Never: a store, a clock.
export { advanceExecution, advanceTask, untouchedTask, type Advanced, type Fact, type Moment } from './advance.ts';
export {
  approvalIdOf,
  budgetApprovalIdOf,
  executionOfApproval,
  openQuestion,
  readApprovalId,
  readBudgetApprovalId,
  type Approval,
  type ApprovalScope,
  type BudgetApprovalScope,
  type Decision,
} from './approval.ts';
export { controlPlace, keyPart, type ControlPlace } from './control.ts';
export { checkpointIdOf, childExecutionId } from './derived-ids.ts';
export { dueAt, waitsWithoutCause, type Cause } from './cause.ts';
export {
  collectCalls,
  collectItems,
  collectMembers,
  isDoomed,
  isExhausted,
  toleratedItems,
  type Collection,
} from './collection.ts';
export { concludeExecution, type Conclusion } from './conclusion.ts';
export {
  settlingEvents,
  type CheckpointSnapshot,
  type EventBody,
  type EventType,
  type Recovery,
  type SkeinEvent,
} from './event.ts';
export { eventTable } from './event-table.ts';
export {
  decideIncident,
  incidentIdOf,
  incidentStatuses,
  letterSources,
  type Incident,
  type IncidentAct,
  type IncidentNews,
  type IncidentStatus,
  type Letter,
  type LetterSource,
  type Redrive,
} from './incident.ts';
export { refuseAction, withIntervention, type ActionRequest, type Refusal, type Stuck } from './intervention.ts';
export { manualActions } from './record.ts';
export { decideJoin, watchesNeeded, type Edge, type JoinDecision } from './join.ts';
export {
  breakerKey,
  BUDGET,
  budgetKey,
  cacheKey,
  eventKey,
  groupLimit,
  limitKey,
  MAX_PARALLEL,
  poolKey,
  rateKey,
  turnKey,
} from './limit.ts';
export { matchesPattern } from './match-event.ts';
export { membersOf, openPaths, type OpenPaths } from './open-paths.ts';
export { containerOf, forEachOf, indexPlan, itemPathsOf, regionsAround, type PlanIndex } from './plan-index.ts';
export type {
  Attempt,
  BudgetHold,
  BusEvent,
  Cached,
  CallCounts,
  ControlRecord,
  Decided,
  ExecutionRecord,
  Holds,
  Intervention,
  LimitRecord,
  ManualAction,
  NewBusEvent,
  ParentTask,
  ParkedEntry,
  Patience,
  Pause,
  Resolution,
  QueuePlace,
  SettledTaskRecord,
  StopReason,
  StoredValue,
  TaskRecord,
  Turn,
  Watch,
} from './record.ts';
export { liftPause, liftQueue } from './lift-pause.ts';
export { isImpatient, patienceWhile } from './patience.ts';
export { isRetryable, retryDelay } from './retry.ts';
export { decideSaga, isBefore, undoSet, type SagaDecision } from './saga.ts';
export {
  executionStatuses,
  isSettled,
  isStopped,
  isTerminal,
  settledTaskStatuses,
  taskStatuses,
  terminalExecutionStatuses,
  undoStatuses,
  type ExecutionStatus,
  type SettledTaskStatus,
  type TaskStatus,
  type TerminalExecutionStatus,
  type UndoStatus,
} from './status.ts';
