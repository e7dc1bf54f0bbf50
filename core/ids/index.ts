// Branded ids.
// Takes: nothing. Gives: the ids' types and the task path's grammar. Never: makes a random one (that is the Ids port).
export {
  executionId,
  handle,
  itemPath,
  iterationOf,
  memberPath,
  parseItemPath,
  parseRegion,
  regionOf,
  taskIdOf,
  taskPath,
  type ExecutionId,
  type Handle,
  type TaskPath,
} from './ids.ts';
