import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expressionsIn, readsName, referencedTasks, soleExpression } from '../../../core/expressions/index.ts';
import { parseTemplate, type TemplatePart } from '../../../core/expressions/template.ts';

const sources = (text: string): string[] => expressionsIn(text).map(({ source }) => source);

describe('parseTemplate', () => {
  const literal = (text: string): TemplatePart => ({ kind: 'literal', text });
  const expression = (source: string, offset: number, closed = true): TemplatePart => ({
    kind: 'expression',
    source,
    offset,
    closed,
  });

  it.each<[text: string, parts: readonly TemplatePart[]]>([
    ['', []],
    ['plain', [literal('plain')]],
    ['costs 5$', [literal('costs 5$')]],
    ['$a $$ $', [literal('$a $$ $')]],
    ['a ${x} b', [literal('a '), expression('x', 4), literal(' b')]],
    ['${x}${y}', [expression('x', 2), expression('y', 6)]],
    ['a $${x}', [literal('a ${x}')]],
    ['$${a}${b}', [literal('${a}'), expression('b', 7)]],
    ['$$${x}', [literal('$${x}')]],
    ['$5 ${x}', [literal('$5 '), expression('x', 5)]],
    ['${}', [expression('', 2)]],
    ['${', [expression('', 2, false)]],
    ['a ${x', [literal('a '), expression('x', 4, false)]],
    ['${ {"a": {}} } }', [expression(' {"a": {}} ', 2), literal(' }')]],
    ["${ '}' }", [expression(" '}' ", 2)]],
    ['${ "\\"}" }', [expression(' "\\"}" ', 2)]],
    ['${ "\\\\" }x"}', [expression(' "\\\\" ', 2), literal('x"}')]],
    ['${ "" }', [expression(' "" ', 2)]],
    ['${ """}"}""}""" }', [expression(' """}"}""}""" ', 2)]],
    ["${ '''}'}''' }", [expression(" '''}'}''' ", 2)]],
    ['${ a // }\n}', [expression(' a // }\n', 2)]],
    ['${ a / b }', [expression(' a / b ', 2)]],
    ['${ a // }', [expression(' a // }', 2, false)]],
    ['${ "}', [expression(' "}', 2, false)]],
    ['${ "\\', [expression(' "\\', 2, false)]],
  ])('splits %j', (text, parts) => {
    expect(parseTemplate(text)).toEqual(parts);
  });
});

describe('expressionsIn', () => {
  it('finds every expression of a text with its offset', () => {
    expect(expressionsIn('a ${ x } b ${y}')).toEqual([
      { path: [], source: ' x ', offset: 4, closed: true },
      { path: [], source: 'y', offset: 13, closed: true },
    ]);
  });

  it('closes an expression at its own brace, not at one inside a string, a map or a comment', () => {
    expect(sources('${ {"a": {"b": 1}}.a }!')).toEqual([' {"a": {"b": 1}}.a ']);
    expect(sources('${ "}" + \'}\' }')).toEqual([' "}" + \'}\' ']);
    expect(sources('${ """ } " """ }')).toEqual([' """ } " """ ']);
    expect(sources('${ "\\"}" }')).toEqual([' "\\"}" ']);
    expect(sources('${ a // }\n }')).toEqual([' a // }\n ']);
  });

  it('reads $${ as the two characters ${', () => {
    expect(sources('$${ x } costs 5$')).toEqual([]);
    expect(sources('$$${x}')).toEqual([]);
  });

  it('marks an expression whose brace is missing', () => {
    for (const text of ['${', '${ x', '${ "x }', '${ x // }']) {
      expect(expressionsIn(text)).toMatchObject([{ closed: false }]);
    }
  });

  it('walks lists and objects and says where it was', () => {
    const found = expressionsIn({ files: ['a', '${x}'], depth: 3, nested: { on: '${y}', off: null } });

    expect(found.map(({ path, source }) => [path, source])).toEqual([
      [['files', 1], 'x'],
      [['nested', 'on'], 'y'],
    ]);
  });

  it('takes any text in one pass', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('$', '{', '}', '"', "'", '\\', '/', '\n', 'a') }), (text) => {
        const found = expressionsIn(text);

        for (const { source, offset } of found) expect(text.startsWith(source, offset)).toBe(true);
      }),
    );
    expect(expressionsIn(`\${${'"\\"'.repeat(500_000)}`)).toHaveLength(1);
  });
});

describe('soleExpression', () => {
  it('is the expression that a text consists of, white space around it aside', () => {
    expect(soleExpression('${ input.depth }')?.source).toBe(' input.depth ');
    expect(soleExpression('${ input.depth }\n')?.source).toBe(' input.depth ');
  });

  it('is undefined when there is more in the text, or nothing', () => {
    for (const text of ['', 'x', 'a ${x}', '${x}${y}', '$${x}']) expect(soleExpression(text)).toBeUndefined();
  });
});

describe('referencedTasks', () => {
  it('names each task that the expressions of a tree read, once', () => {
    const tree = ['${ tasks.a.output + tasks["b-c"].output }', { x: 'again ${ tasks.a.status }', y: 'tasks.d' }];

    expect(referencedTasks(tree)).toEqual(['a', 'b-c']);
  });

  it('names none for expressions that do not parse', () => {
    expect(referencedTasks('${ tasks. }')).toEqual([]);
  });
});

describe('readsName', () => {
  it('finds a name that an expression of the tree reads', () => {
    const tree = { a: ['x', '${ 1 + index }'], b: 'item', c: '${ input.item }', loop: '${ [1].map(event, event) }' };

    expect(readsName(tree, 'index')).toBe(true);
    for (const name of ['item', 'loop', 'event'] as const) expect(readsName(tree, name)).toBe(false);
  });
});
