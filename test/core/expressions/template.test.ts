import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expressionsIn, referencedTasks, soleExpression } from '../../../core/expressions/index.ts';

const sources = (text: string): string[] => expressionsIn(text).map(({ source }) => source);

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
