import { describe, expect, it } from 'vitest';
import { schemaFindings, type Finding } from '../../../core/definition/index.ts';
import type { JsonObject } from '../../../core/json/index.ts';

/** A schema of this many parts. */
const schemaOf = (parts: number, prefix = 'p'): JsonObject => ({
  properties: Object.fromEntries(Array.from({ length: parts - 2 }, (_, n) => [`${prefix}${n}`, {}])),
});

const findingsOn = (...schemas: readonly (JsonObject | undefined)[]): Finding[] => [
  ...schemaFindings(schemas.map((schema, index) => ({ schema, path: ['tasks', index, 'output'] }))),
];

describe('schemaFindings', () => {
  it('finds each schema that is none, each time, by its key', () => {
    const findings = findingsOn({ type: 'nope' }, undefined, { type: 'object' }, { type: 'nope' });

    expect(findings.map(({ path }) => path[1])).toEqual([0, 3]);
    expect(findings[0]).toMatchObject({ code: 'VAL216', path: ['tasks', 0, 'output'], part: 'key' });
    expect(findings[0]?.message).toMatch(/^`output` is no JSON Schema: .+\.$/);
  });

  it('looks at so many parts of different schemas, and says where it stopped', () => {
    const different = Array.from({ length: 10 }, (_, n) => schemaOf(1_000, `p${n}`));

    expect(findingsOn(...different, ...different)).toEqual([]);
    expect(findingsOn(...different, {}, { type: 'nope' })).toEqual([
      {
        code: 'VAL236',
        message: 'The schemas up to this one have more than 10000 parts: those that follow were not looked at.',
        path: ['tasks', 10, 'output'],
        part: 'key',
      },
    ]);
  });
});
