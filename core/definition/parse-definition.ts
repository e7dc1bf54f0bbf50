import type { Diagnostic } from '../diagnostics/index.ts';
import type { Definition } from './definition.ts';
import { placeFindings } from './finding.ts';
import { readDocument } from './read-document.ts';
import { definitionFile } from './schema.ts';
import { parseShape } from './shape-findings.ts';

/** YAML or JSON text → its definition, or what is wrong with its shape. Never throws, whatever the text. */
export function parseDefinition(file: { name: string; text: string }): {
  definition?: Definition;
  diagnostics: readonly Diagnostic[];
} {
  const { source, value, findings } = readDocument(file);
  if (value === undefined) return { diagnostics: placeFindings(source, [findings]) };
  const shape = parseShape(definitionFile, value);
  const diagnostics = placeFindings(source, [findings, shape.findings ?? []]);
  if (shape.findings || diagnostics.length > 0) return { diagnostics };
  return { definition: { source, workflow: shape.parsed.workflow }, diagnostics };
}
