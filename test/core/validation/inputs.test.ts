import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../../core/json/index.ts';
import { findingsOn, withCode } from '../../makers/findings.ts';
import { inputFindings, of, xOf } from '../../makers/input-findings.ts';

describe('the members of an input', () => {
  it.each<{ title: string; schema: JsonObject; input: Json; says: readonly string[] }>([
    { title: 'are needed', schema: of({}, { required: ['x', 'y'] }), input: { x: 1 }, says: ['it needs `y`.'] },
    {
      title: 'are needed where no input is given',
      schema: of({}, { required: ['x'] }),
      input: {},
      says: ['it needs `x`.'],
    },
    {
      title: 'are needed further down',
      schema: xOf(of({}, { required: ['y'] })),
      input: { x: {} },
      says: ['`x` needs `y`.'],
    },
    {
      title: 'are missed once, however often they are asked for',
      schema: { required: ['x'], allOf: [{ required: ['x'] }] },
      input: {},
      says: ['it needs `x`.'],
    },
    {
      title: 'are needed despite a default, which nobody fills in',
      schema: of({ x: { default: 1 } }, { required: ['x'] }),
      input: {},
      says: ['it needs `x`.'],
    },
    { title: 'may be unknown', schema: of({ x: {} }), input: { y: 1 }, says: [] },
    {
      title: 'may not be unknown to a closed one',
      schema: of({ files: {} }, { additionalProperties: false }),
      input: { fiels: 1 },
      says: ['`fiels` is unknown. did you mean `files`?'],
    },
    {
      title: 'resemble nothing',
      schema: of({ files: {} }, { additionalProperties: false }),
      input: { depth: 1 },
      says: ['`depth` is unknown.'],
    },
    {
      title: 'may be of a pattern',
      schema: of({}, { additionalProperties: false, patternProperties: { '^x': {} } }),
      input: { y: 1 },
      says: [],
    },
    {
      title: 'may be of the other members',
      schema: of({ y: { type: 'string' } }, { additionalProperties: { type: 'integer' } }),
      input: { x: 'a', y: 'a' },
      says: ['`x` must be a whole number, not a text.'],
    },
    {
      title: 'of a list all fit',
      schema: xOf({ items: { type: 'integer' } }),
      input: { x: [1, 'a', 2, null] },
      says: ['`x.1` must be a whole number, not a text.', '`x.3` must be a whole number, not null.'],
    },
    {
      title: 'of a list may be told apart',
      schema: xOf({ prefixItems: [{ type: 'integer' }], items: { type: 'string' } }),
      input: { x: ['a', 1] },
      says: ['`x.0` must be a whole number, not a text.', '`x.1` must be a text, not a whole number.'],
    },
    { title: 'are nothing to a schema without properties', schema: { type: 'object' }, input: { x: 1 }, says: [] },
    {
      title: 'are not called as every object has them',
      schema: of({}, { required: ['toString'] }),
      input: {},
      says: ['it needs `toString`.'],
    },
    {
      title: 'follow a reference to the whole',
      schema: of({ next: { $ref: '#' }, n: { type: 'integer' } }),
      input: { next: { n: 'a' } },
      says: ['`next.n` must be a whole number, not a text.'],
    },
    {
      title: 'follow a reference with signs in it',
      schema: { properties: { x: { $ref: '#/$defs/a~1b~0c' } }, $defs: { 'a/b~c': { type: 'null' } } },
      input: { x: 1 },
      says: ['`x` must be null, not a whole number.'],
    },
    {
      title: 'follow a reference into a list',
      schema: { properties: { x: { $ref: '#/allOf/1' } }, allOf: [{}, { type: 'object' }] },
      input: { x: 1 },
      says: ['`x` must be a mapping, not a whole number.'],
    },
    {
      title: 'follow no reference to elsewhere',
      schema: { ...xOf({ $ref: 'else#/$defs/x' }), $defs: { x: { type: 'null' } } },
      input: { x: 1 },
      says: [],
    },
    { title: 'follow no reference to nothing', schema: xOf({ anyOf: [{ type: 'null' }] }), input: { x: 1 }, says: [] },
  ])('$title', ({ schema, input, says }) => {
    expect(inputFindings(schema, input)).toEqual(says);
  });

  it.each<{ title: string; output: JsonObject; says: readonly string[] }>([
    {
      title: 'that can never be there',
      output: of({ y: {} }, { additionalProperties: false }),
      says: ['it needs `x`, which it can never have.'],
    },
    {
      title: 'that are always of other types',
      output: of({ x: { type: 'string' } }, { required: ['x'] }),
      says: ['`x` must be a whole number, not a text.'],
    },
    {
      title: 'that are always there, by another schema',
      output: of({ x: { type: 'string' } }, { allOf: [{ required: ['x'] }, {}] }),
      says: ['`x` must be a whole number, not a text.'],
    },
    { title: 'only if they are there', output: of({ x: { type: 'string' } }), says: [] },
    {
      title: 'only if it is an object',
      output: { type: ['object', 'null'], properties: { x: { type: 'string' } }, required: ['x'] },
      says: [],
    },
    { title: 'and its own type', output: { type: 'array' }, says: ['it must be a mapping, not a list.'] },
    { title: 'and may fit', output: of({ x: { type: 'integer' } }, { required: ['x'] }), says: [] },
    { title: 'and may turn out whole', output: of({ x: { type: 'number' } }, { required: ['x'] }), says: [] },
  ])('of an output that becomes one are looked at: $title', ({ output, says }) => {
    const schema = of({ x: { type: 'integer' } }, { required: ['x'] });
    const tasks = [
      { id: 'o', agent: 'worker', input: { x: 1 }, output },
      { id: 'a', agent: 'worker', depends_on: ['o'], input: '${ tasks.o.output }' },
    ];

    const misfits = withCode(findingsOn({ tasks }, { type: { input: schema } }), 'VAL230');

    expect(misfits.map(({ message }) => message.replace(/^.*`worker`: /, ''))).toEqual(says);
  });

  it('of an output that is no object are asked of nobody', () => {
    const before = [{ id: 'o', agent: 'worker', parallel: true, output: {} }];

    expect(
      inputFindings({ required: ['x'] }, '${ tasks.o.output }', { before }).filter((one) => one.startsWith('it')),
    ).toEqual([]);
  });

  it('are looked at in sixteen parts of a schema', () => {
    const partsWithWrongAt = (at: number) =>
      Array.from({ length: 20 }, (_, n) => (n === at ? { type: 'null' } : { title: `${n}` }));

    expect(inputFindings({ allOf: partsWithWrongAt(14) }, {})).toEqual(['it must be null, not a mapping.']);
    expect(inputFindings({ allOf: partsWithWrongAt(15) }, {})).toEqual([]);
  });
});

describe('the input of a child workflow', () => {
  it('gets the defaults of its schema first', () => {
    const input = of({ x: { default: 1 }, y: {} }, { required: ['x', 'y'] });
    const workflows = { find: () => ({ name: 'c', version: '1', input, calls: [] }) };

    expect(
      withCode(findingsOn({ tasks: [{ id: 'a', workflow: { name: 'c' } }] }, { workflows }), 'VAL230'),
    ).toMatchObject([{ message: 'The input of `a` does not fit the workflow `c`: it needs `y`.' }]);
  });

  it('needs nothing where it has no schema', () => {
    const workflows = { find: () => ({ name: 'c', version: '1', calls: [] }) };

    expect(withCode(findingsOn({ tasks: [{ id: 'a', workflow: { name: 'c' } }] }, { workflows }), 'VAL230')).toEqual(
      [],
    );
  });
});
