// The ports of core/ports on one machine: in memory, or in one SQLite file that one process owns.
// Takes: a path, a clock, whom to deliver to. Gives: stores, timers, bus, clock, ids, ownership.
// Never: a decision; a write acknowledged before it is durable; an error of SQLite or of the file system.
export {
  cancelAtOwner,
  decideAtOwner,
  pauseAtOwner,
  publishAtOwner,
  changeInstanceAtOwner,
  closeIncidentAtOwner,
  redriveAtOwner,
  interveneAtOwner,
  clearCacheAtOwner,
  resetBreakerAtOwner,
  unpauseAtOwner,
} from './ask-owner.ts';
export { createInProcessEventBus, type EventListener, type InProcessEventBus } from './in-process-event-bus.ts';
export { executionOf } from './ledger-item.ts';
export { type LedgerJournal } from './ledger-journal.ts';
export { latestTime } from './latest-time.ts';
export { createMemoryAgentTypeStore } from './memory-agent-type-store.ts';
export { createMemoryApiKeyStore } from './memory-api-key-store.ts';
export { createMemoryBlobStore } from './memory-blob-store.ts';
export { createMemoryDefinitionStore } from './memory-definition-store.ts';
export { createMemoryIdempotencyStore } from './memory-idempotency-store.ts';
export { createMemoryLedgerStore } from './memory-ledger-store.ts';
export { createMemoryViewStore } from './memory-view-store.ts';
export { createMirroredLedgerStore } from './mirrored-ledger-store.ts';
export { openDatabase, type Database, type DatabaseOptions, type Durability } from './open-database.ts';
export {
  acquireOwnership,
  announceOwner,
  findOwner,
  isOwnedElsewhere,
  type Owner,
  type Ownership,
} from './ownership.ts';
export { keepSetting } from './settings.ts';
export { createSqliteAgentTypeStore } from './sqlite-agent-type-store.ts';
export { createSqliteApiKeyStore } from './sqlite-api-key-store.ts';
export { createSqliteBlobStore } from './sqlite-blob-store.ts';
export { createSqliteDefinitionStore } from './sqlite-definition-store.ts';
export { createSqliteIdempotencyStore } from './sqlite-idempotency-store.ts';
export { createSqliteLedgerStore } from './sqlite-ledger-store.ts';
export { createSqliteViewStore } from './sqlite-view-store.ts';
export { createSteadyClock, type SteadyClockOptions } from './steady-clock.ts';
export { createSystemClock } from './system-clock.ts';
export { createSeededIds } from './seeded-ids.ts';
export { createEventId, createSecret, createSystemIds } from './system-ids.ts';
export { createTimers, type EmbeddedTimers, type TimersOptions } from './timers.ts';
