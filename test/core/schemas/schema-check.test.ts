import { describe, expect, it } from 'vitest';
import { schemaProblem, valueProblems, withDefaults } from '../../../core/schemas/index.ts';

const schema = {
  type: 'object',
  required: ['repository'],
  properties: { repository: { type: 'string' }, depth: { type: 'integer', default: 3 } },
  additionalProperties: false,
} as const;

describe('valueProblems', () => {
  it('is empty for a value that holds', () => {
    expect(valueProblems(schema, { repository: '.' })).toEqual([]);
  });

  it('names every place that does not hold', () => {
    expect(valueProblems(schema, { depth: 'deep', more: 1 })).toEqual([
      "the value must have required property 'repository'",
      'the value must NOT have additional properties (more)',
      '/depth must be integer',
    ]);
  });
});

describe('withDefaults', () => {
  it('fills defaults into a copy', () => {
    const given = { repository: '.' };

    const { value, problems } = withDefaults(schema, given);

    expect({ value, problems }).toEqual({ value: { repository: '.', depth: 3 }, problems: [] });
    expect(given).toEqual({ repository: '.' });
  });
});

describe('schemaProblem', () => {
  it('is undefined for a schema and a sentence for what is none', () => {
    expect(schemaProblem(schema)).toBeUndefined();
    expect(schemaProblem({ type: 'strnig' })).toContain('type');
  });

  it('judges each schema by itself, whatever names an earlier one has given itself', () => {
    const named = (type: string) => ({ $id: 'https://example.com/a', $defs: { inner: { $id: 'inner', type } } });

    expect([named('string'), named('array'), { $ref: 'https://example.com/a' }].map(schemaProblem)).toEqual([
      undefined,
      undefined,
      expect.stringContaining('resolve reference'),
    ]);
  });
});
