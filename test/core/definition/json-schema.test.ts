import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseDefinition, workflowJsonSchema } from '../../../core/definition/index.ts';
import type { Json } from '../../../core/json/index.ts';
import { schemaProblem, valueProblems } from '../../../core/schemas/index.ts';
import { goldenFile } from '../../makers/golden.ts';

const everything = readFileSync(
  goldenFile('diagnostics', 'everything that is known and not executed', 'definition.yaml'),
  'utf8',
);

describe('workflowJsonSchema', () => {
  const schema = workflowJsonSchema();

  it('is JSON Schema 2020-12', () => {
    expect(schema['$schema']).toBe('https://json-schema.org/draft/2020-12/schema');
    expect(schemaProblem(schema)).toBeUndefined();
    expect(JSON.parse(JSON.stringify(schema))).toEqual(schema);
  });

  it('takes what authors write: short forms, and nothing that has a default', () => {
    const task = {
      id: 'a',
      agent: 'x',
      timeout: '1h30m',
      depends_on: ['b', { task: 'c', on: 'done' }],
      retry_policy: 'none',
    };

    expect(valueProblems(schema, { workflow: { name: 'w', version: '1', tasks: [task] } })).toEqual([]);
  });

  it('takes a parsed definition too, with every key of the language', () => {
    const { definition } = parseDefinition({ name: 'a.yaml', text: everything });

    // What was parsed from JSON is JSON.
    expect(valueProblems(schema, { workflow: definition!.workflow as Json })).toEqual([]);
  });

  it.each([
    [{ workflow: { name: 'w', version: '1', tasks: [{ id: 'a', agnet: 'x' }] } }],
    [{ workflow: { name: 'w', version: 1, tasks: [{ id: 'a' }] } }],
    [{ workflow: { name: 'w', version: '1' } }],
    [{ workflow: { name: '1 w', version: '1', tasks: [{ id: 'a' }] } }],
    [{}],
  ])('refuses %j', (document) => {
    expect(valueProblems(schema, document)).not.toEqual([]);
  });
});
