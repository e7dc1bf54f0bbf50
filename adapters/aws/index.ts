// The ports of core/ports on AWS: DynamoDB, S3, Step Functions, Lambda, EventBridge, SQS.
// Takes: clients, names of resources, a tenant. Gives: stores, runners, timers, bus.
// Never: a decision; an item of another tenant; an error of the SDK.
export { createDynamoLedgerStore } from './dynamo-ledger-store.ts';
export { tableDefinition, type TableDefinition, type TableIndex } from './table-definition.ts';
