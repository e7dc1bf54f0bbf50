import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluateTree } from '../../../core/expressions/index.ts';
import type { Json, JsonObject } from '../../../core/json/index.ts';
import { valueProblems } from '../../../core/schemas/index.ts';
import { aScope } from '../../makers/a-scope.ts';
import { findingsOn, withCode } from '../../makers/findings.ts';

/** A validator takes ten milliseconds to make, and most of these need two. */
const RUNS = 60;

const keys = fc.constantFrom('alpha', 'beta', 'gamma');
const types = ['null', 'boolean', 'integer', 'number', 'string', 'array', 'object'];

/** Counted together, or each of five keys would go its own three levels down. */
const deeper = { maxDepth: 2, depthIdentifier: 'schema' };

/** Schemas of everything that is looked at before a run, and of alternatives, which are not. */
const { schema } = fc.letrec<{ schema: JsonObject }>((tie) => ({
  schema: fc.record(
    {
      type: fc.oneof(fc.constantFrom(...types), fc.uniqueArray(fc.constantFrom(...types), { minLength: 1 })),
      properties: fc.dictionary(keys, fc.oneof(deeper, fc.constant({}), tie('schema'))),
      required: fc.uniqueArray(keys, { maxLength: 2 }),
      additionalProperties: fc.oneof(deeper, fc.boolean(), tie('schema')),
      items: fc.oneof(deeper, fc.constant({}), tie('schema')),
      enum: fc.uniqueArray(fc.constantFrom<Json>(1, 'a', true, null), { minLength: 1 }),
      allOf: fc.array(fc.oneof(deeper, fc.constant({}), tie('schema')), { minLength: 1, maxLength: 2 }),
      anyOf: fc.array(fc.oneof(deeper, fc.constant({}), tie('schema')), { minLength: 1, maxLength: 2 }),
    },
    { requiredKeys: [] },
  ),
}));

/** Of inputs, outputs and their members. A null instead of an input is none, and an empty object goes in. */
const { value: values } = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    fc.constantFrom<Json>(null, true, 0, 1, 1.5, 'a', 'b'),
    fc.array(tie('value'), { maxLength: 2 }),
    fc.dictionary(keys, tie('value')),
  ),
}));

const task = (more: object): object => ({ id: 'a', agent: 'worker', ...more });

describe('what fits a schema', () => {
  it('finds nothing wrong with an input that the schema allows', () => {
    fc.assert(
      fc.property(schema, values, (input, value) => {
        const found = withCode(findingsOn({ tasks: [task({ input: value })] }, { type: { input } }), 'VAL230');

        if (valueProblems(input, value ?? {}).length === 0) expect(found).toEqual([]);
      }),
      { numRuns: RUNS },
    );
  });

  it('finds what is wrong with an input where no alternatives are involved', () => {
    const plain = schema.filter((it) => !JSON.stringify(it).includes('anyOf'));
    fc.assert(
      fc.property(plain, values, (input, value) => {
        const found = withCode(findingsOn({ tasks: [task({ input: value })] }, { type: { input } }), 'VAL230');

        // What only a scalar can be is not asked of lists and objects.
        const isSure = !JSON.stringify(input).includes('enum');
        if (isSure) expect(found.length > 0).toBe(valueProblems(input, value ?? {}).length > 0);
      }),
      { numRuns: RUNS },
    );
  });

  const ways = fc.array(fc.oneof(keys, fc.constant(0)), { minLength: 1, maxLength: 3 });
  const accessTo = (way: readonly (string | number)[]): string =>
    way.map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`)).join('');

  it('lets an expression read whatever an allowed output has', () => {
    fc.assert(
      fc.property(schema, values, ways, (output, value, way) => {
        if (valueProblems(output, value).length > 0) return;
        const text = `\${ tasks.a.output${accessTo(way)} }`;
        const scope = aScope({ tasks: { a: { output: value, status: 'succeeded', attempts: 1, cached: false } } });

        const found = withCode(
          findingsOn(
            { tasks: [task({}), { ...task({ input: text, depends_on: ['a'] }), id: 'b' }] },
            { type: { output } },
          ),
          'VAL231',
        );

        if (found.length > 0) expect(() => evaluateTree(text, scope)).toThrow();
      }),
      { numRuns: RUNS },
    );
  });

  it('lets an output go where every value of it is allowed', () => {
    fc.assert(
      fc.property(schema, schema, values, (output, input, value) => {
        if (valueProblems(output, value).length > 0 || valueProblems(input, value).length > 0) return;
        const tasks = [task({ output }), { ...task({ depends_on: ['a'], input: '${ tasks.a.output }' }), id: 'b' }];

        const found = withCode(findingsOn({ tasks }, { type: { input } }), 'VAL230');

        expect(found.filter(({ path }) => path.startsWith('workflow.tasks[1]'))).toEqual([]);
      }),
      { numRuns: RUNS },
    );
  });

  it('follows references, into themselves as well, only as far as is needed', () => {
    const $defs = {
      list: { type: 'array', items: { $ref: '#' } },
      twice: { allOf: [{ $ref: '#/$defs/twice' }, { $ref: '#' }] },
    };
    const type = {
      output: { $defs, type: 'object', properties: { next: { $ref: '#/$defs/list' } }, additionalProperties: false },
    };
    const read = (way: string) => {
      const tasks = [task({}), { ...task({ depends_on: ['a'], input: `\${ tasks.a.output.${way} }` }), id: 'b' }];
      return withCode(findingsOn({ tasks }, { type }), 'VAL231').map(({ message }) => message);
    };

    expect(read('next[0].next[1]')).toEqual([]);
    expect(read('next[0].nxt')).toEqual(['By its schema, `tasks.a.output.next[0]` has no `nxt`.']);
    expect(read('next.next')).toEqual(['`tasks.a.output.next` is a list by its schema, and has no `next`.']);
  });
});
