// What protects agents from those who call them.
// Takes: what was recorded, what happens now. Gives: what is to be recorded next. Never: a store, a clock, an execution.
export { amountsOf, noAmounts, plus, usdOfMicros, type Amounts } from './amounts.ts';
export {
  decideCall,
  isLostCall,
  isMetered,
  keepsAccount,
  refusedChild,
  reservedFor,
  settleCall,
  unusedBudget,
  usedBy,
  withdrawCall,
  type AskedPart,
  type BudgetAccount,
  type BudgetCall,
  type BudgetDecision,
  type BudgetEnd,
  type BudgetLimits,
  type BudgetPart,
  type BudgetQuestion,
  type BudgetVerdict,
} from './budget.ts';
export {
  answerQuestion,
  askedParts,
  askInstead,
  limitsNow,
  type BudgetAnswer,
  type BudgetAsker,
} from './budget-question.ts';
export { budgetUse, type BudgetUse } from './budget-use.ts';
export { budgetAmount, budgetWords } from './budget-words.ts';
export {
  decideCache,
  emptyEntry,
  findInCache,
  uselessFrom,
  type CacheCaller,
  type CachedOutput,
  type CacheEntry,
  type CacheHold,
  type CacheSettings,
} from './cache.ts';
export {
  closedBreaker,
  decideBreaker,
  isCounted,
  isFull,
  mayCall,
  nextLook,
  type Breaker,
  type BreakerHold,
  type BreakerNews,
  type BreakerSettings,
  type Permit,
} from './breaker.ts';
export { callsWithin, countCall, type CallCount, type CallWindow, type FailureRate } from './failure-window.ts';
export {
  decideRate,
  freeCalls,
  noCalls,
  turnAt,
  type RateHold,
  type RateLog,
  type RateNews,
  type RateSettings,
} from './rate.ts';
export { ageAt, isNews, noteLate, refusedFor, type QueueAge, type Sheddable } from './overload.ts';
export {
  decideSlot,
  instanceStatus,
  isFree,
  QUEUE_TIMEOUT,
  rankSlots,
  turnOf,
  unusedSlot,
  type InstanceStatus,
  type PoolSettings,
  type PoolStrategy,
  type Slot,
  type SlotHold,
  type SlotHolder,
  type SlotNews,
} from './pool.ts';
export { isConfirmed, isStanding, suspicionUselessFrom, type Sighting, type Suspicion } from './suspicion.ts';
