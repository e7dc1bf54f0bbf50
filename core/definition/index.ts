// Text → Definition with source ranges.
// Takes: YAML or JSON text. Gives: Definition, AgentCatalogue, diagnostics. Never: meaning (that is validation), a file.
export { agentType as agentTypeSchema, type AgentDocument } from './agent-schema.ts';
export type { Definition, Path, SourceText } from './definition.ts';
export { placeFindings, type Finding } from './finding.ts';
export { agentCatalogueJsonSchema, workflowJsonSchema } from './json-schema.ts';
export { parseAgentCatalogue } from './parse-agent-catalogue.ts';
export { parseDefinition } from './parse-definition.ts';
export { schemaFindings } from './schema-findings.ts';
export type { WorkflowDocument } from './schema.ts';
export type { DependencyDocument, JoinDocument, RetryPolicyDocument, TaskDocument } from './task-schema.ts';
