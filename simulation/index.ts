// The whole engine in one process, in simulated time, from one seed, with everything that can go wrong.
// Takes: a workflow, or none for a random one, and seeds. Gives: what became of it, faults and broken promises.
// Never: a clock, a network, a decision about a task.
export { compileScenario, compileText, type Press } from './compile-scenario.ts';
export { plainTasks, randomScenario, randomScenarioOf, wholeLanguage } from './random-workflow.ts';
export type { Mixture } from './random-gene.ts';
export { withPauses } from './random-pauses.ts';
export {
  behaviourOf,
  definitionText,
  documentText,
  printScenario,
  type Answer,
  type Behaviour,
  type ForEachDocument,
  type PolicyDocument,
  type Scenario,
  type Script,
  type ScriptedError,
  type TaskDocument,
  type WaitDocument,
  type WorkflowDocument,
} from './scenario.ts';
export { answerTo } from './schema-answers.ts';
export { faultKinds, type FaultKind } from './nemesis.ts';
export { simulate, type Failure, type SimulationOptions, type Source, type Summary } from './simulate.ts';
export { oneWorkflow, randomWorkflows } from './sources.ts';
