// What the engine needs from outside, as interfaces.
// Takes: types of core. Gives: the ports. Never: an implementation.
export type { AgentAnswers, AgentCall, AgentCapacity, AgentRuntime } from './agent-runtime.ts';
export type { AgentTypeStore, RegisteredAgentType } from './agent-type-store.ts';
export type { ApiKey, ApiKeyStore } from './api-key-store.ts';
export type { BlobStore } from './blob-store.ts';
export type { Clock } from './clock.ts';
export type { DefinitionStore, PublishedVersion, PublishedWorkflow } from './definition-store.ts';
export type { EventBus } from './event-bus.ts';
export type { IdempotencyStore, IdempotentRequest, StoredAnswer } from './idempotency-store.ts';
export type { Ids } from './ids.ts';
export type { CommitResult, LedgerStore, LedgerWrite } from './ledger-store.ts';
export type { MachineRunner, TaskTokens } from './machine-runner.ts';
export type { Timer, Timers } from './timers.ts';
export type { ViewFilter, ViewPosition, ViewStore } from './view-store.ts';
