import { describe, expect, it } from 'vitest';
import { findingsOn, withCode } from '../../makers/findings.ts';

const input = {
  type: 'object',
  properties: {
    text: { type: 'string' },
    whole: { type: 'integer' },
    number: { type: 'number' },
    list: { type: 'array' },
    some: { type: ['null', 'string'] },
    none: { type: ['null', 'boolean'] },
  },
};

const found = (until: string): readonly string[] =>
  withCode(findingsOn({ input, tasks: [{ id: 'a', wait: { until } }] }), 'VAL225').map(({ message }) => message);

describe('the time that a task waits for', () => {
  it.each([
    '2026-11-21T06:00:00Z',
    '2026-11-21T06:00:00+01:00',
    '${ input.text }',
    '${ input.whole }',
    '${ input.number }',
    '${ input.some }',
    '${ input.?text }',
    '${ input.anything }',
    '${ timestamp("2026-11-21T06:00:00Z") }',
    '${ "2026-11-21T06:00:00Z" }',
    '${ 1789000000 }',
    '${ 1789000000u }',
    '${ 1789000000.5 }',
    '${ input.day }T06:00:00Z',
  ])('may be %s', (until) => {
    expect(found(until)).toEqual([]);
  });

  it.each([
    { until: 'tomorrow', says: '`tomorrow` is no time.' },
    { until: '${ "tomorrow" }', says: 'This is no time.' },
    { until: '${ true }', says: 'This gives a value of type `bool`, not a time.' },
    { until: '${ [input.text] }', says: 'This gives a value of type `list`, not a time.' },
    { until: '${ duration("1h") }', says: 'This gives a value of type `google.protobuf.Duration`, not a time.' },
    { until: '${ null }', says: 'This gives a value of type `null`, not a time.' },
    { until: '${ input.list }', says: 'By its schema, this is a list, not a time.' },
    { until: '${ input.none }', says: 'By its schema, this is null or true or false, not a time.' },
  ])('is not $until', ({ until, says }) => {
    expect(found(until)).toEqual([says]);
  });

  it.each(['${ 1 + "a" }', '${ "tomorrow"', '${ 1 + }'])('is judged only once it is an expression: %s', (until) => {
    expect(found(until)).toEqual([]);
  });

  it('comes with a hint how to write it', () => {
    const tasks = [{ id: 'a', wait: { until: 'noon' } }];

    expect(withCode(findingsOn({ tasks }), 'VAL225')).toMatchObject([
      {
        path: 'workflow.tasks[0].wait.until',
        hint: 'a time is a text like 2026-11-21T06:00:00Z, with an offset, or seconds since 1970',
      },
    ]);
  });
});
