import type { AgentCatalogue, AgentType } from '../agents/index.ts';
import type { Diagnostic } from '../diagnostics/index.ts';
import type { JsonObject } from '../json/index.ts';
import { agentCatalogueFile, type AgentTypeDocument } from './agent-schema.ts';
import type { Path } from './definition.ts';
import { placeFindings } from './finding.ts';
import { readDocument } from './read-document.ts';
import { schemaFindings } from './schema-findings.ts';
import { parseShape } from './shape-findings.ts';

interface CatalogueFile {
  readonly name: string;
  readonly text: string;
  /** The absolute path of a `module:`, which is relative to the file. */
  readonly resolveModule: (relative: string) => string;
}

/** The `agent_types:` document → the catalogue, or what is wrong with it. Never throws, whatever the text. */
export function parseAgentCatalogue(file: CatalogueFile): {
  catalogue?: AgentCatalogue;
  diagnostics: readonly Diagnostic[];
} {
  const { source, value, findings } = readDocument(file);
  if (value === undefined) return { diagnostics: placeFindings(source, [findings]) };
  const shape = parseShape(agentCatalogueFile, value);
  if (shape.findings) return { diagnostics: placeFindings(source, [findings, shape.findings]) };
  const types = Object.entries(shape.parsed.agent_types);
  const diagnostics = placeFindings(source, [findings, schemaFindings(schemasOf(types))]);
  if (diagnostics.length > 0) return { diagnostics };
  const catalogue = new Map(types.map(([name, type]) => [name, toAgentType(name, type, file.resolveModule)]));
  return { catalogue, diagnostics };
}

function* schemasOf(
  types: readonly (readonly [string, AgentTypeDocument])[],
): Generator<{ schema: JsonObject | undefined; path: Path }> {
  for (const [name, type] of types) {
    yield { schema: type.input, path: ['agent_types', name, 'input'] };
    yield { schema: type.output, path: ['agent_types', name, 'output'] };
  }
}

function toAgentType(name: string, type: AgentTypeDocument, resolveModule: (relative: string) => string): AgentType {
  const { capabilities, input, output, cost } = type;
  const base = { name, capabilities, ...(input && { input }), ...(output && { output }), ...(cost && { cost }) };
  switch (type.runtime) {
    case 'local':
      return { ...base, runtime: type.runtime, module: resolveModule(type.module) };
    case 'http':
      return { ...base, runtime: type.runtime, url: type.url, ...(type.auth !== undefined && { auth: type.auth }) };
    case 'human': {
      const { roles, assignees } = type;
      return { ...base, runtime: type.runtime, ...(roles && { roles }), ...(assignees && { assignees }) };
    }
    case 'lambda': {
      const { function: functionArn, role_arn: roleArn } = type;
      return { ...base, runtime: type.runtime, functionArn, ...(roleArn !== undefined && { roleArn }) };
    }
    default:
      return { ...base, runtime: type.runtime };
  }
}
