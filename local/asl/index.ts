// Machines of the States Language by themselves, without a workflow or an engine.
// Takes: a document that is said to be a machine, an input, stubs for its tasks. Gives: what is wrong with it; how it ends.
// Never: a call to a service, a wait in real time.
export { readMachine } from './read-machine.ts';
export type { FaultCode, MachineFault } from './machine-faults.ts';
export { runStubbed, type StubbedRun } from './run-stubbed.ts';
export { createSimulatedTime, type SimulatedTime } from './simulated-time.ts';
export { createStubs, type Stub, type Stubs } from './stubs.ts';
