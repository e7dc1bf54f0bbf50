import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../../core/json/index.ts';
import { findingsOn, withCode } from '../../makers/findings.ts';

/** What is said of a member `x` of a task's input, from its name on. */
const found = (x: JsonObject, value: Json): readonly string[] =>
  withCode(
    findingsOn(
      { tasks: [{ id: 'a', agent: 'worker', input: { x: value } }] },
      { type: { input: { properties: { x } } } },
    ),
    'VAL230',
  ).map(({ message, hint }) => `${message.slice(message.indexOf('`x`'))}${hint === undefined ? '' : ` ${hint}`}`);

describe('the choices of an input', () => {
  const numbers = (count: number) => Array.from({ length: count }, (_, at) => at);

  it.each<{ title: string; schema: JsonObject; value: Json; says: readonly string[] }>([
    {
      title: 'are listed',
      schema: { enum: ['fast', 1, null] },
      value: 'slow',
      says: ['`x` must be `"fast"`, `1`, `null`.'],
    },
    {
      title: 'are compared',
      schema: { enum: ['fast', 'thorough'] },
      value: 'fats',
      says: ['`x` must be `"fast"`, `"thorough"`. did you mean `fast`?'],
    },
    {
      title: 'are not compared with a number',
      schema: { enum: ['1', '2'] },
      value: 1,
      says: ['`x` must be `"1"`, `"2"`.'],
    },
    { title: 'may be the only one', schema: { const: 'fast' }, value: 2, says: ['`x` must be `"fast"`.'] },
    { title: 'may be null', schema: { const: null }, value: 2, says: ['`x` must be `null`.'] },
    {
      title: 'hold with others',
      schema: { enum: [1, 2], allOf: [{ const: 2 }] },
      value: 1,
      says: ['`x` must be `2`.'],
    },
    { title: 'are met', schema: { enum: ['fast', null], allOf: [{ const: null }] }, value: null, says: [] },
    {
      title: 'are twelve',
      schema: { enum: numbers(12) },
      value: -1,
      says: [
        `\`x\` must be ${numbers(12)
          .map((n) => `\`${n}\``)
          .join(', ')}.`,
      ],
    },
    {
      title: 'are more than anybody reads',
      schema: { enum: numbers(13) },
      value: -1,
      says: [
        `\`x\` must be ${numbers(12)
          .map((n) => `\`${n}\``)
          .join(', ')}, ….`,
      ],
    },
    { title: 'are more than are looked through', schema: { enum: numbers(1_001) }, value: -1, says: [] },
    { title: 'are looked at in values that can be written in one way', schema: { enum: [[1]] }, value: [2], says: [] },
  ])('$title', ({ schema, value, says }) => {
    expect(found(schema, value)).toEqual(says);
  });

  it('are looked through up to a thousand', () => {
    expect(found({ enum: numbers(1_000) }, -1)).toHaveLength(1);
  });

  it('are not known of an expression', () => {
    expect(found({ enum: ['fast'] }, '${ "slow" }')).toEqual([]);
  });
});
