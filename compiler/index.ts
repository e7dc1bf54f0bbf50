// Definition text → compiled workflow → published version, the same for laptop, API, Lambda and synth.
// Takes: texts, the agents and workflows there are, names to link. Gives: findings, CompiledWorkflow, PublishedWorkflow.
// Never: a file, an ARN of its own making, a decision about a run.
export type { CompiledWorkflow, MeasuredWorkflow } from './compiled-workflow.ts';
export {
  compileParsed,
  compileText,
  parseText,
  type CompileContext,
  type CompiledText,
  type DefinitionText,
  type ParsedText,
} from './compile-text.ts';
export { planDefaultsOf } from './plan-defaults-of.ts';
export { diffPlans, type NamedDiff, type PlanDiff } from './diff-plans.ts';
export { estimateWorkflow, forecastable, type EstimatedWorkflow, type KnownTimes } from './estimate-workflow.ts';
export {
  publishCompiled,
  publishedVersion,
  versionKey,
  withChildVersions,
  type LinkedVersion,
  type Publication,
  type Publishing,
} from './publish-compiled.ts';
export {
  amongPublished,
  callsOf,
  findChildren,
  knownWorkflow,
  type ChildLookup,
  type PublishedLookup,
} from './workflow-calls.ts';
export { workflowPermissions, type WorkflowPermissions } from './workflow-permissions.ts';
