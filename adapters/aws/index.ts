// The ports of core/ports on AWS: DynamoDB, S3, Step Functions, Lambda, EventBridge, SQS.
// Takes: clients, names of resources, a tenant. Gives: stores, runners, timers, bus.
// Never: a decision; an item of another tenant; an error of the SDK.
export {
  createStackAnswers,
  readStackRequest,
  type StackAnswer,
  type StackAnswers,
  type StackRequest,
} from './cloudformation-answers.ts';
export { createDynamoAgentTypeStore } from './dynamo-agent-type-store.ts';
export { createDynamoApiKeyStore } from './dynamo-api-key-store.ts';
export { conditions, type Condition } from './dynamo-conditions.ts';
export { createDynamoDefinitionStore } from './dynamo-definition-store.ts';
export { createDynamoIdempotencyStore } from './dynamo-idempotency-store.ts';
export { createDynamoLedgerStore } from './dynamo-ledger-store.ts';
export { createDynamoMachineRegistry, type MachineRegistry, type RunnableMachines } from './dynamo-machine-registry.ts';
export { type DynamoDeps } from './dynamo-table.ts';
export { createDynamoViewStore } from './dynamo-view-store.ts';
export { neededVariables, readEnvironment, type EnvironmentOf, type FunctionName } from './environment.ts';
export { createEventBridgeEventBus, type PublicBus, type PublishedEvent } from './eventbridge-event-bus.ts';
export { createHandleSecret } from './handle-secret.ts';
export { createLambdaAgentRuntime, type LambdaAgentRuntimeDeps } from './lambda-agent-runtime.ts';
export { createLambdaIds, createLambdaSecret, lambdaClock, lambdaPause } from './lambda-world.ts';
export { createMachineNames, type MachineNames } from './machine-names.ts';
export { createPace, type PaceOptions } from './pace.ts';
export { createRemoteCompiler, type RemoteCompiler } from './remote-compiler.ts';
export { createS3BlobStore } from './s3-blob-store.ts';
export { createS3Objects, type S3Deps, type S3Objects } from './s3-objects.ts';
export { createSecretNote, type SecretNote } from './secret-note.ts';
export {
  createSqsDeadLetters,
  createSqsRedrive,
  readQueueUrls,
  type DeadLetter,
  type DeadLetterQueues,
  type SendAgain,
} from './sqs-dead-letters.ts';
export { createSqsMachineRequests, type MachineRequest, type MachineRequests } from './sqs-machine-requests.ts';
export { createSqsTimers, timerMessage, type SqsTimersDeps, type TimerMessage } from './sqs-timers.ts';
export {
  createStepFunctionsMachineRunner,
  type MachineRunnerDeps,
  type MachineStatus,
  type StepFunctionsMachineRunner,
} from './stepfunctions-machine-runner.ts';
export { createStepFunctionsMachines, type Machines } from './stepfunctions-machines.ts';
export { createStepFunctionsTaskTokens } from './stepfunctions-task-tokens.ts';
export { tableDefinition, type TableDefinition, type TableIndex } from './table-definition.ts';
export { createTenantSessions, TENANT_TAG } from './tenant-sessions.ts';
export { createDynamoTenantList, type TenantList } from './tenant-list.ts';
export { readStreamRecord, type StreamChange } from './stream-changes.ts';
