import { describe, expect, it } from 'vitest';
import { parseDefinition, type Path, type SourceText } from '../../../core/definition/index.ts';
import type { SourceRange } from '../../../core/diagnostics/index.ts';

const text = `workflow:
  name: w
  version: "1"
  tasks:
    - id: a
      input:
        plain: a \${x} b
        single: 'it''s \${x}'
        double: "a\\tb \${x}"
        escaped: "\\x24{x}"
        block: |
          one
          two \${x}
        empty:
        list:
          - [1,
            2]
          - x
        1: one
        true: yes
        null: nothing
        twice: x x
        twiceSingle: 'x x'
        twiceDouble: "x x"
        number: 12
`;

const INPUT: Path = ['workflow', 'tasks', 0, 'input'];

function sourceOf(text: string): SourceText {
  const { definition, diagnostics } = parseDefinition({ name: 'a.yaml', text });
  if (!definition) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  return definition.source;
}

const source = sourceOf(text);

/** What stands there; of several lines the last one has to be after the first. */
const textAt = (range: SourceRange | undefined): string | undefined => {
  if (!range) return undefined;
  const lines = text.split('\n').slice(range.line - 1, range.endLine);
  const last = lines.length - 1;
  return lines
    .map((line, index) =>
      line.slice(index === 0 ? range.column - 1 : 0, index === last ? range.endColumn - 1 : undefined),
    )
    .join('\n');
};

describe('SourceText', () => {
  it.each<[path: Path, value: string, key: string | undefined]>([
    [['plain'], 'a ${x} b', 'plain'],
    [['single'], "'it''s ${x}'", 'single'],
    [['block'], 'block', 'block'],
    [['empty'], 'empty', 'empty'],
    [['list'], 'list', 'list'],
    [['list', 0], '[1,', undefined],
    [['list', 0, 1], '2', undefined],
    [['list', 1], 'x', undefined],
    [['1'], 'one', '1'],
    [[1], 'one', '1'],
    [['true'], 'yes', 'true'],
    [['null'], 'nothing', 'null'],
  ])('shows the value at %j, by its key where it takes several lines', (path, value, key) => {
    expect(textAt(source.rangeOf([...INPUT, ...path]))).toBe(value);
    expect(textAt(source.rangeOf([...INPUT, ...path], 'key'))).toBe(key);
  });

  it('shows the whole text by its first line', () => {
    expect(textAt(source.rangeOf([]))).toBe('workflow:');
  });

  it.each<Path>([['list', 2], ['list', '0'], ['plain', 0], ['plain', 'x'], ['nowhere'], ['nowhere', 0]])(
    'finds nothing at %j %j',
    (...path) => {
      expect(source.rangeOf([...INPUT, ...path])).toBeUndefined();
      expect(source.rangeWithin([...INPUT, ...path], { offset: 0, length: 1 })).toBeUndefined();
    },
  );

  it.each([
    ['plain', { offset: 4, length: 1 }, 'x', 20],
    ['plain', { offset: 0, length: 8 }, 'a ${x} b', 16],
    ['single', { offset: 0, length: 2 }, 'it', 18],
    ['single', { offset: 5, length: 4 }, '${x}', 24],
    ['double', { offset: 4, length: 4 }, '${x}', 23],
    ['block', { offset: 10, length: 1 }, 'x', 17],
    ['escaped', { offset: 0, length: 4 }, '"\\x24{x}"', 18],
    ['empty', { offset: 0, length: 1 }, '', 15],
    ['twice', { offset: 2, length: 1 }, 'x', 18],
    ['twiceSingle', { offset: 2, length: 1 }, 'x', 25],
    ['twiceDouble', { offset: 2, length: 1 }, 'x', 25],
    ['number', { offset: 0, length: 1 }, '12', 17],
  ])('shows a piece of %s', (key, piece, shown, column) => {
    const range = source.rangeWithin([...INPUT, key], piece);

    expect(textAt(range)).toBe(shown);
    expect(range?.column).toBe(column);
  });

  it('shows no piece of what is no text, but all of it', () => {
    expect(source.rangeWithin([...INPUT, 'list'], { offset: 0, length: 1 })).toMatchObject({ line: 16, column: 11 });
  });
});
