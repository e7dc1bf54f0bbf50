import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../../core/json/index.ts';
import { findingsOn, withCode } from '../../makers/findings.ts';
import { inputFindings, of, xOf } from '../../makers/input-findings.ts';

describe('the type of an input', () => {
  const values = { null: null, boolean: true, integer: 1, number: 1.5, string: 'a', array: [], object: {} };
  const words = {
    null: 'null',
    boolean: 'true or false',
    integer: 'a whole number',
    number: 'a number',
    string: 'a text',
    array: 'a list',
    object: 'a mapping',
  };
  const types = Object.keys(values) as (keyof typeof values)[];

  /** A member for each type, named after it. */
  const each = (of: (type: keyof typeof values) => Json): JsonObject =>
    Object.fromEntries(types.map((type) => [type, of(type)]));

  it.each(types)('%s is nothing else, save that a whole number is a number', (wanted) => {
    const others = types.filter((type) => type !== wanted && !(wanted === 'number' && type === 'integer'));

    expect(inputFindings(of(each(() => ({ type: wanted }))), values)).toEqual(
      others.map((type) => `\`${type}\` must be ${words[wanted]}, not ${words[type]}.`),
    );
  });

  it('may be one of several', () => {
    const schema = xOf({ type: ['array', 'null'] });

    expect(inputFindings(schema, { x: null })).toEqual([]);
    expect(inputFindings(schema, { x: 'a' })).toEqual(['`x` must be a list or null, not a text.']);
  });

  it('is looked at in everything that holds at once', () => {
    const schema = xOf({ allOf: [{ type: ['string', 'null'] }, { $ref: '#/$defs/some' }] });
    const root = { ...schema, $defs: { some: { type: ['string', 'array'] } } };

    expect(inputFindings(root, { x: 'a' })).toEqual([]);
    expect(inputFindings(root, { x: null })).toEqual(['`x` must be a text or a list, not null.']);
    expect(inputFindings(root, { x: [] })).toEqual(['`x` must be a text or null, not a list.']);
  });

  it.each<{ expression: string; fits: readonly string[] }>([
    { expression: '1', fits: ['integer', 'number'] },
    { expression: '1u', fits: ['integer', 'number'] },
    { expression: '1.5', fits: ['integer', 'number'] },
    { expression: '"a"', fits: ['string'] },
    { expression: 'true', fits: ['boolean'] },
    { expression: 'null', fits: ['null'] },
    { expression: '[1]', fits: ['array'] },
    { expression: '{"a": 1}', fits: ['object'] },
    { expression: 'timestamp(0)', fits: ['string'] },
    { expression: 'input.text', fits: ['string'] },
    { expression: 'input.either', fits: ['string', 'null'] },
    { expression: 'input.number', fits: ['integer', 'number'] },
    { expression: 'input.any', fits: types },
    { expression: 'input.both', fits: ['string'] },
    { expression: 'input.neither', fits: types },
    { expression: '[input.text][0]', fits: types },
    { expression: ' input.text ', fits: ['string'] },
    { expression: 'tasks.o.output', fits: ['array'] },
    { expression: 'tasks.o.status', fits: types },
    { expression: 'tasks.g.output', fits: ['object'] },
    { expression: 'input.?text', fits: types },
    { expression: 'input.text + input.text', fits: types },
    { expression: 'input.text > 1 + "a"', fits: types },
  ])('is that of its expression: $expression', ({ expression, fits }) => {
    const input = of({
      text: { type: 'string' },
      either: { type: ['string', 'null'] },
      number: { type: 'number' },
      both: { type: ['string', 'null'], allOf: [{ type: ['string', 'integer'] }] },
      neither: { type: 'string', allOf: [{ type: 'null' }] },
      any: {},
    });
    const before = [
      { id: 'o', agent: 'worker', parallel: true, output: of({}) },
      { id: 'g', group: { tasks: [{ id: 'm', agent: 'worker' }] } },
    ];
    const text = `\${ ${expression} }`;

    const misfits = inputFindings(
      of(each((type) => ({ type }))),
      each(() => text),
      { input, before },
    );

    expect(misfits.map((misfit) => misfit.slice(1, misfit.indexOf('` must be')))).toEqual(
      types.filter((type) => !fits.includes(type)),
    );
  });

  it('is called by its widest name', () => {
    const input = of({ n: { type: 'number' } });

    expect(inputFindings(xOf({ type: 'string' }), { x: '${ input.n }' }, { input })).toEqual([
      '`x` must be a text, not a number.',
    ]);
  });

  it('is that of the item which a call gets', () => {
    const input = of({ names: { type: 'array', items: { type: 'string' } } });
    const tasks = [
      { id: 'a', agent: 'worker', for_each: { items: '${ input.names }', max_items: 2 }, input: { x: '${ item }' } },
    ];
    const misfits = (type: string) =>
      withCode(findingsOn({ input, tasks }, { type: { input: xOf({ type }) } }), 'VAL230').length;

    expect([misfits('string'), misfits('integer')]).toEqual([0, 1]);
  });

  it('is a text, where something stands around an expression', () => {
    expect(inputFindings(xOf({ type: 'integer' }), { x: 'n ${ 1 }' })).toEqual([
      '`x` must be a whole number, not a text.',
    ]);
  });
});
