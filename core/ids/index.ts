// Branded ids.
// Takes: nothing. Gives: the ids' types, the task path's grammar, how ids sort. Never: a random number of its own (that is the Ids port).
export {
  approvalId,
  checkpointId,
  compensationPath,
  executionId,
  handle,
  itemPath,
  iterationOf,
  memberPath,
  parseCompensationPath,
  parseItemPath,
  parseRegion,
  regionOf,
  taskIdOf,
  taskPath,
  type ApprovalId,
  type CheckpointId,
  type ExecutionId,
  type Handle,
  type TaskPath,
} from './ids.ts';
export { createTimeSortedIds } from './time-sorted-ids.ts';
