import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../core/json/index.ts';
import { findingsOn, withCode } from '../../makers/findings.ts';

const closed = { additionalProperties: false };
const of = (properties: JsonObject, more: JsonObject = {}): JsonObject => ({ type: 'object', properties, ...more });

const said = (findings: ReturnType<typeof findingsOn>): readonly string[] =>
  withCode(findings, 'VAL231', 'LINT908').map(
    ({ message, hint }) => `${message}${hint === undefined ? '' : ` ${hint}`}`,
  );

/** What is said of an expression that reads the input. */
const ofInput = (input: JsonObject, expression: string): readonly string[] =>
  said(findingsOn({ input, tasks: [{ id: 'a', agent: 'worker', input: `\${ ${expression} }` }] }));

describe('what is read of an input', () => {
  const many = (count: number): JsonObject =>
    of(Object.fromEntries(Array.from({ length: count }, (_, at) => [`k${at}`, {}])), closed);

  it.each<{ title: string; schema: JsonObject; reads: string; says: readonly string[] }>([
    { title: 'is there', schema: of({ x: {} }, closed), reads: 'input.x', says: [] },
    {
      title: 'resembles another name',
      schema: of({ files: {} }, closed),
      reads: 'input.fiels',
      says: ['By its schema, `input` has no `fiels`. did you mean `files`?'],
    },
    {
      title: 'resembles nothing',
      schema: of({ files: {}, mode: {} }, closed),
      reads: 'input.depth',
      says: ['By its schema, `input` has no `depth`. it has files, mode'],
    },
    {
      title: 'is one of nothing',
      schema: of({}, closed),
      reads: 'input.depth',
      says: ['By its schema, `input` has no `depth`.'],
    },
    {
      title: 'is none of twelve',
      schema: many(12),
      reads: 'input.depth',
      says: [
        `By its schema, \`input\` has no \`depth\`. it has ${Array.from({ length: 12 }, (_, at) => `k${at}`).join(', ')}`,
      ],
    },
    {
      title: 'is none of more than anybody reads',
      schema: many(13),
      reads: 'input.depth',
      says: ['By its schema, `input` has no `depth`.'],
    },
    {
      title: 'may be there, and resembles another name',
      schema: of({ files: {} }),
      reads: 'input.fiels',
      says: ['The schema of `input` does not speak of `fiels`. did you mean `files`?'],
    },
    { title: 'may be there, and resembles nothing', schema: of({ files: {} }), reads: 'input.depth', says: [] },
    { title: 'is asked for', schema: of({}, closed), reads: 'input.?depth', says: [] },
    { title: 'is asked for with `has`', schema: of({}, closed), reads: 'has(input.depth)', says: [] },
    {
      title: 'stands in a text',
      schema: of({ x: { type: 'string' } }),
      reads: 'input.x.y',
      says: ['`input.x` is a text by its schema, and has no `y`.'],
    },
    {
      title: 'stands in a text or nothing',
      schema: of({ x: { type: ['string', 'null'] } }),
      reads: 'input.x.y',
      says: ['`input.x` is a text or null by its schema, and has no `y`.'],
    },
    {
      title: 'stands in a mapping or nothing',
      schema: of({ x: { type: ['object', 'null'] } }),
      reads: 'input.x.y',
      says: [],
    },
    {
      title: 'stands in a list',
      schema: of({ x: { type: 'array' } }),
      reads: 'input.x.y',
      says: ['`input.x` is a list by its schema, and has no `y`.'],
    },
    {
      title: 'is of a list, and stands in a mapping',
      schema: of({ x: { type: 'object' } }),
      reads: 'input.x[0]',
      says: ['`input.x` is a mapping by its schema, and has no `0`.'],
    },
    {
      title: 'stands in each item',
      schema: of({ x: { items: of({ y: {} }, closed) } }),
      reads: 'input.x[3].z',
      says: ['By its schema, `input.x[3]` has no `z`. it has y'],
    },
    {
      title: 'stands in one item',
      schema: of({ x: { prefixItems: [of({ y: {} }, closed)], items: {} } }),
      reads: '[input.x[0].z, input.x[1].z]',
      says: ['By its schema, `input.x[0]` has no `z`. it has y'],
    },
    {
      title: 'may be of a pattern',
      schema: of({}, { ...closed, patternProperties: { x: {} } }),
      reads: 'input.x.y',
      says: [],
    },
    {
      title: 'is one of the others',
      schema: of({ x: {} }, { additionalProperties: { type: 'string' } }),
      reads: '[input.x.a, input.y.a]',
      says: ['`input.y` is a text by its schema, and has no `a`.'],
    },
    {
      title: 'is forbidden by one schema of several',
      schema: { allOf: [of({ x: {} }), of({ y: {} }, closed)] },
      reads: 'input.x',
      says: ['By its schema, `input` has no `x`. it has y'],
    },
    {
      title: 'is described by several',
      schema: { allOf: [of({ x: of({ a: {} }) }), of({ x: of({ b: {} }, closed) })] },
      reads: 'input.x.c',
      says: ['By its schema, `input.x` has no `c`. it has b'],
    },
    {
      title: 'is not spoken of by several',
      schema: { allOf: [of({ files: {} }), of({ modes: {} })] },
      reads: '[input.fiels, input.mods]',
      says: [
        'The schema of `input` does not speak of `fiels`. did you mean `files`?',
        'The schema of `input` does not speak of `mods`. did you mean `modes`?',
      ],
    },
    {
      title: 'is nothing that alternatives say',
      schema: of({ x: { anyOf: [{ type: 'string' }] } }),
      reads: 'input.x.y',
      says: [],
    },
    {
      title: 'is nothing that every object has',
      schema: of({ x: of({}, closed) }),
      reads: 'input.x.valueOf',
      says: ['By its schema, `input.x` has no `valueOf`.'],
    },
    {
      title: 'is not followed behind what is not known',
      schema: of({ x: {} }, closed),
      reads: 'input.x.y.z',
      says: [],
    },
    {
      title: 'is not looked at where the expression has a mistake',
      schema: of({}, closed),
      reads: 'input.x + (1 + "a")',
      says: [],
    },
  ])('$title', ({ schema, reads, says }) => {
    expect(ofInput(schema, reads)).toEqual(says);
  });

  it('is nothing where nobody describes it', () => {
    expect(said(findingsOn({ tasks: [{ id: 'a', agent: 'worker', input: '${ input.x.y }' }] }))).toEqual([]);
  });

  it('is not looked at in an expression that is not closed', () => {
    const tasks = [{ id: 'a', agent: 'worker', input: '${ input.depth' }];

    expect(said(findingsOn({ input: of({}, closed), tasks }))).toEqual([]);
  });

  it('is shown at the name that is wrong', () => {
    const input = '${ input.x.yy }';
    const [found] = withCode(
      findingsOn({ input: of({ x: of({}, closed) }), tasks: [{ id: 'a', agent: 'worker', input }] }),
      'VAL231',
    );

    expect(found?.path).toBe('workflow.tasks[0].input');
    expect((found?.range?.endColumn ?? 0) - (found?.range?.column ?? 0)).toBeGreaterThanOrEqual(2);
  });
});
