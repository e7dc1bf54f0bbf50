// Agents on servers, called from a laptop and from AWS alike; and how answers of any runtime reach the engine.
// Takes: calls of the engine, a way to fetch. Gives: answers, by the call's handle. Never: a retry, a decision about a task.
export { createDelivery, type Delivery, type DeliveryOptions } from './delivery.ts';
export { createHttpAgentRuntime, type HttpAgentRuntimeOptions } from './http-agent-runtime.ts';
