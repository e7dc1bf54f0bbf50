// The use cases over ports, the same for AWS and laptop.
// Takes: ports. Gives: an Engine, whose functions machines, agents, timers and people call. Never: AWS, a clock of its own, an HTTP word.
export { listCompensations, recordResolution, type CompensationStatus, type Resolving } from './compensations.ts';
export { joinAgentRuntimes, type AgentRuntimes } from './agent-runtimes.ts';
export { findBreaker, listBreakers, recordReset, type AgentBreaker } from './breakers.ts';
export { clearCache, listCaches, type CacheClearing, type WorkflowCache } from './caches.ts';
export { findBudgetUse } from './budget-questions.ts';
export { listApprovals, type ApprovalFilter } from './approvals.ts';
export {
  findPool,
  listPools,
  listRates,
  type HeldSlot,
  type PoolInstance,
  type PoolStatus,
  type RateStatus,
  type SharedQueue,
} from './pools.ts';
export { recordInstance, type InstanceChange } from './pool-instances.ts';
export { createEngine, type Engine } from './engine.ts';
export { asLambdaError, callFromMachine, tenantOfCall, tokenOfCall, type MachineFunction } from './machine-calls.ts';
export {
  closeIncident,
  getIncident,
  listIncidents,
  recordLetter,
  redriveIncident,
  type FoundLetter,
  type IncidentFilter,
} from './incidents.ts';
export type { Intervened } from './intervene.ts';
export { recordDecision, recordIntervention } from './record-decision.ts';
export { recordEvent } from './publish-event.ts';
export type { Change } from './repeat.ts';
export { suspect } from './suspicions.ts';
export type { Sweep } from './sweep.ts';
export type { Paused, PauseRequest } from './pause.ts';
export { findStanding } from './turns.ts';
export { findQueueAge, recordQueueAge } from './queue-age.ts';
export { enter, type Entry } from './entry.ts';
export type { EngineDeps } from './engine-context.ts';
