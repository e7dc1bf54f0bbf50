// The embedded runtime: the compiled machines and the engine on one machine, in one process.
// Takes: a compiled workflow, an input, a database path. Gives: executions, their views and events.
// Never: a decision about a task (engine), a word to the terminal (cli).
export {
  createSimulatedTime,
  createStubs,
  readMachine,
  runStubbed,
  type MachineFault,
  type SimulatedTime,
  type StubbedRun,
} from './asl/index.ts';
export {
  createEmbeddedRuntime,
  type EmbeddedRuntime,
  type EmbeddedRuntimeOptions,
  type Version,
  type World,
} from './embedded-runtime.ts';
export { cancelElsewhere, pauseElsewhere, unpauseElsewhere } from './ask-elsewhere.ts';
export { actOnTask } from './act-on-task.ts';
export { decideApproval } from './decide-approval.ts';
export { changeInstance } from './change-instance.ts';
export { resolveCompensationOf } from './resolve-compensation.ts';
export { closeIncidentOf, redriveIncidentOf } from './act-on-incident.ts';
export { clearCache } from './clear-cache.ts';
export { resetBreaker } from './reset-breaker.ts';
export { emitEvent, type Emission } from './emit-event.ts';
export { startDevServer, type DevServer, type DevServerOptions } from './dev-server.ts';
export {
  createInterpreter,
  type HistoryEvent,
  type Machine as InterpreterMachine,
  type MachineResult,
} from './interpreter/index.ts';
export { openLaptop, type Laptop, type LaptopOptions } from './laptop.ts';
export { createWorkerPool, type WorkerPool } from './agents/index.ts';
export { openPublishedWorkflows, type PublishedWorkflows } from './published-workflows.ts';
export { createPartMachines } from './part-machines.ts';
export { publishForRun, publishInto } from './publish-workflow.ts';
export { createReader, openReader, type Reader } from './reader.ts';
export { createMemoryStores, openOwnedStores, openReadOnlyStores, type OwnedStores, type Stores } from './stores.ts';
