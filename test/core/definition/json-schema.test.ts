import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { agentCatalogueJsonSchema, parseDefinition, workflowJsonSchema } from '../../../core/definition/index.ts';
import { isJsonObject, type Json } from '../../../core/json/index.ts';
import { plan } from '../../../core/plan/index.ts';
import { schemaProblem, valueProblems, withDefaults } from '../../../core/schemas/index.ts';
import { goldenFile } from '../../makers/golden.ts';
import { validDefinition } from '../../makers/valid-definition.ts';

const everything = readFileSync(
  goldenFile('diagnostics', 'everything that is known and not executed', 'definition.yaml'),
  'utf8',
);

/** Ways to keys and named forms without a description. */
function undescribed(schema: Json, way: string): string[] {
  if (!isJsonObject(schema)) return Array.isArray(schema) ? schema.flatMap((item: Json) => undescribed(item, way)) : [];
  return Object.entries(schema).flatMap(([key, value]) => {
    if ((key !== 'properties' && key !== '$defs') || !isJsonObject(value)) return undescribed(value, `${way}/${key}`);
    const members = Object.entries(value);
    const silent = members.filter(([, member]) => isJsonObject(member) && !('description' in member));
    const named = silent.map(([name]) => `${way}/${name}`);
    return [...named, ...members.flatMap(([name, member]) => undescribed(member, `${way}/${name}`))];
  });
}

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

  it('writes down the defaults that the planner takes', () => {
    const task = { id: 'a', agent: 'x', for_each: { items: [1] } };
    const brief = {
      workflow: { name: 'w', version: '1', agents: { x: { type: 'y' } }, tasks: [task], fault_tolerance: {} },
    };
    const { value: complete } = withDefaults(schema, brief);
    const planOf = (document: Json) => ({ ...plan(validDefinition(JSON.stringify(document))), digest: '' });

    expect(complete).toMatchObject({
      workflow: {
        timeout: '1d',
        fault_tolerance: { grace: 30 },
        tasks: [{ timeout: 300, for_each: { max_concurrency: 10 } }],
      },
    });
    expect(planOf(complete)).toEqual(planOf(brief));
  });

  it('describes every key, and every form that has a name', () => {
    expect(undescribed(schema, '')).toEqual([]);
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

describe('agentCatalogueJsonSchema', () => {
  const schema = agentCatalogueJsonSchema();
  const local = { runtime: 'local', module: './a.ts' };

  it('takes a catalogue, and describes its keys', () => {
    expect(
      valueProblems(schema, { agent_types: { a: local, b: { runtime: 'http', url: 'http://127.0.0.1:1/' } } }),
    ).toEqual([]);
    expect(undescribed(schema, '')).toEqual([]);
  });

  it.each([
    [{}],
    [{ agent_types: { a: { runtime: 'local' } } }],
    [{ agent_types: { a: { ...local, url: 'http://x/' } } }],
  ])('refuses %j', (document) => {
    expect(valueProblems(schema, document)).not.toEqual([]);
  });
});
