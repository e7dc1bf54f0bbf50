import { describe, expect, it } from 'vitest';
import { parseDefinition } from '../../../core/definition/index.ts';
import type { Diagnostic } from '../../../core/diagnostics/index.ts';

const findingsOn = (text: string): readonly Diagnostic[] => parseDefinition({ name: 'a.yaml', text }).diagnostics;

/** Code and message of each finding that is not about the shape, and where it stands. */
const saidOf = (text: string): string[] =>
  findingsOn(text)
    .filter(({ code }) => !/^DEF11[1-4]$/.test(code))
    .map(({ code, message, range }) => `${code} ${message}${range ? ` ${range.line}:${range.column}` : ''}`);

const withInput = (input: string): string => `workflow: { name: w, version: "1", tasks: [{ id: a, input: ${input} }] }`;

describe('reading a text', () => {
  it.each([
    ['', 'DEF105 The text is empty.'],
    ['# a comment\n', 'DEF105 The text is empty.'],
    ['&a b', 'DEF106 `&a` is an anchor, and they are not allowed. 1:1'],
    ['a: *b', 'DEF106 `*b` is an alias, and they are not allowed. 1:4'],
    ['a: !x b', 'DEF106 `!x` is a tag, and they are not allowed. 1:4'],
    ['--- a\n--- b\n', 'DEF104 A second document begins here. 2:1'],
    ['a: 1\na: 2', 'DEF107 The key `a` stands here twice. 2:1'],
    ['{[a]: 1}', 'DEF108 A list or a mapping cannot be a key. 1:1'],
    ['? {a: 1}\n: 1', 'DEF108 A list or a mapping cannot be a key. 1:1'],
    ['__proto__: 1', 'DEF108 `__proto__` is not allowed as a key. 1:1'],
    ['a: { constructor: 1 }', 'DEF108 `constructor` is not allowed as a key. 1:6'],
    ['a: [{ prototype: 1 }]', 'DEF108 `prototype` is not allowed as a key. 1:7'],
    ['a: .inf', 'DEF109 JSON cannot carry this number exactly. 1:4'],
    ['a: .nan', 'DEF109 JSON cannot carry this number exactly. 1:4'],
    ['a: 9007199254740992', 'DEF109 JSON cannot carry this number exactly. 1:4'],
    ['a: "b', 'DEF103 The closing " of a text is missing. 1:6'],
    ["a: 'b", "DEF103 The closing ' of a text is missing. 1:6"],
    ['[a', 'DEF103 Flow sequence must end with a ]. 1:3'],
    ['\ta: 1', 'DEF103 Tabs are not allowed as indentation. 1:1'],
  ])('finds in %j what stands in the way', (text, said) => {
    expect(saidOf(text)).toEqual([said]);
  });

  it('says how a number is written that JSON cannot carry', () => {
    expect(findingsOn(withInput('9007199254740993'))).toMatchObject([
      { path: 'workflow.tasks[0].input', hint: 'put it in quotes' },
    ]);
  });

  it.each([
    '9007199254740991',
    '0.1',
    '"&a *b !c ---"',
    '"[[["',
    '[{ on: 1, true: 2, 1: 3, null: 4, "": 5 }]',
    '{ __prot__: 1, construct: 2 }',
  ])('reads %s', (input) => {
    expect(saidOf(withInput(input))).toEqual([]);
  });

  it('takes a document mark before and after the one document', () => {
    expect(saidOf('---\na: 1\n...\n')).toEqual([]);
    expect(saidOf('a: 1\n---\n')).toEqual(['DEF104 A second document begins here. 2:1']);
  });

  it('reads 64 levels, and marks where the next one begins', () => {
    expect(saidOf(`${'['.repeat(64)}${']'.repeat(64)}`)).toEqual([]);
    expect(saidOf(`${'['.repeat(65)}${']'.repeat(65)}`)).toEqual(['DEF102 This is nested deeper than 64 levels. 1:65']);
  });

  // What follows is refused, so that the library does not have to read the rest to its end.
  it.each([
    { of: 'bytes', limit: '4 MiB', start: '!', part: 'x', end: '', times: 4 * 1024 * 1024 - 1 },
    { of: 'bytes of long characters', limit: '4 MiB', start: '!x ', part: 'ä', end: '', times: 2 * 1024 * 1024 - 2 },
    { of: 'expressions', limit: '100,000 expressions', start: '!x ', part: '${', end: '', times: 100_000 },
    { of: 'entries', limit: '200,000 entries of lists and mappings', start: '[', part: ',', end: '!x', times: 199_999 },
  ])('takes no more $of than it can read', ({ limit, start, part, end, times }) => {
    const [within, over] = [times, times + 1].map((count) => findingsOn(start + part.repeat(count) + end));

    expect(within?.map(({ code }) => code)).toEqual(['DEF106']);
    expect(over).toMatchObject([{ code: 'DEF101', message: `The text has more than ${limit}.`, path: '' }]);
  });

  it('counts tasks on every level, and takes no more than it may hold', () => {
    const findingsOnMany = (count: number): readonly Diagnostic[] => {
      const loop = { loop: { tasks: Array.from({ length: 4_000 }, () => 0) } };
      const group = { group: { tasks: [{ group: { tasks: Array.from({ length: 4_000 }, () => 0) } }] } };
      const tasks = [loop, group, ...Array.from({ length: count - 8_003 }, () => 0)];
      return findingsOn(JSON.stringify({ workflow: { tasks } }));
    };

    expect(findingsOnMany(10_000)[0]?.code).not.toBe('DEF110');
    expect(findingsOnMany(10_001)).toMatchObject([
      {
        code: 'DEF110',
        message: 'The workflow has 10001 tasks; 10000 is the limit.',
        path: 'workflow.tasks',
        range: { line: 1, column: 14, endColumn: 21 },
      },
    ]);
  });
});
