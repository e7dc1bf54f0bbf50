import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../core/json/index.ts';
import { findingsOn, withCode } from '../../makers/findings.ts';

const closed = { additionalProperties: false };
const of = (properties: JsonObject, more: JsonObject = {}): JsonObject => ({ type: 'object', properties, ...more });

const said = (findings: ReturnType<typeof findingsOn>): readonly string[] =>
  withCode(findings, 'VAL231', 'LINT908').map(
    ({ message, hint }) => `${message}${hint === undefined ? '' : ` ${hint}`}`,
  );

describe('what is read of an item', () => {
  const input = of(
    { files: { type: 'array', items: of({ name: { type: 'string' } }, closed) }, some: { type: 'object' } },
    closed,
  );
  const read = (for_each: object, reads: string) =>
    said(
      findingsOn({
        input,
        tasks: [{ id: 'a', agent: 'worker', for_each: { max_items: 5, ...for_each }, input: `\${ ${reads} }` }],
      }),
    );

  it.each<{ title: string; for_each: object; reads: string; says: readonly string[] }>([
    {
      title: 'is what the list says',
      for_each: { items: '${ input.files }' },
      reads: '[item.name, item.nmae]',
      says: ['By its schema, `item` has no `nmae`. did you mean `name`?'],
    },
    {
      title: 'goes further down',
      for_each: { items: '${ input.files }' },
      reads: 'item.name.x',
      says: ['`item.name` is a text by its schema, and has no `x`.'],
    },
    {
      title: 'is a list of them in a batch',
      for_each: { items: '${ input.files }', batch: 2 },
      reads: '[item[0].name, item[0].nmae]',
      says: ['By its schema, `item[0]` has no `nmae`. did you mean `name`?'],
    },
    {
      title: 'is no item itself in a batch',
      for_each: { items: '${ input.files }', batch: 2 },
      reads: 'item.name',
      says: ['`item` is a list by its schema, and has no `name`.'],
    },
    {
      title: 'is not known where the items are written down',
      for_each: { items: [{ name: 'a' }] },
      reads: 'item.nmae',
      says: [],
    },
    {
      title: 'is not known where the items are computed',
      for_each: { items: '${ input.files + input.files }' },
      reads: 'item.nmae',
      says: [],
    },
    {
      title: 'is not known where they are asked for',
      for_each: { items: '${ input.?files }' },
      reads: 'item.nmae',
      says: [],
    },
    {
      title: 'is not known where the items are a text',
      for_each: { items: 'a ${ input.files }' },
      reads: 'item.nmae',
      says: [],
    },
    {
      title: 'is not known where the items are no list',
      for_each: { items: '${ input.some }' },
      reads: 'item.nmae',
      says: [],
    },
    {
      title: 'is not known where the items have a mistake',
      for_each: { items: '${ input.files + (1 + "a") }' },
      reads: 'item.nmae',
      says: [],
    },
    {
      title: 'is not known where the items are items',
      for_each: { items: '${ item.files }' },
      reads: 'item.nmae',
      says: [],
    },
  ])('$title', ({ for_each, reads, says }) => {
    expect(read(for_each, reads)).toEqual(says);
  });
});
