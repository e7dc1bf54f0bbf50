// What stands between a task and the call of its agent: limits, breakers, and whatever else tasks share.
// Takes: a look at the ledger. Gives: pass, park or reject, and the writes that go into the task's own commit. Never: a commit, a call.
export { refuseDepth, wakeForBudgets } from './budget-gate.ts';
export { cacheOf, CACHES } from './cache-records.ts';
export { breakerControl, BREAKERS } from './breaker-gate.ts';
export { poolControl, POOLS, slotControl, slotFolder, type PoolRecord } from './pool-records.ts';
export { RATES } from './rate-gate.ts';
export { controlOf } from './control.ts';
export { wakeParked, type GateWrites, type Leaving, type Passage, type Report } from './gate.ts';
export {
  isShared,
  leaveGates,
  lookThroughGates,
  wakeBehind,
  wakeForControl,
  wakeForControls,
  movesUp,
} from './gates.ts';
export { holdsSlot } from './pool-gate.ts';
export { entryIn, placeOf } from './shared-queue.ts';
