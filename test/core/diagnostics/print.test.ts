import { describe, expect, it } from 'vitest';
import {
  countDiagnostics,
  diagnostic,
  diagnosticRows,
  printDiagnostics,
  sortDiagnostics,
  type Diagnostic,
  type SourceRange,
} from '../../../core/diagnostics/index.ts';

const range = (line: number, column: number, endColumn: number): SourceRange => ({
  line,
  column,
  endLine: line,
  endColumn,
});

const text = 'workflow:\n  name: x\n  nmae: y\n';
const finding = diagnostic('DEF111', {
  message: 'The key `nmae` is unknown.',
  path: 'workflow.nmae',
  range: range(3, 3, 7),
  hint: 'did you mean `name`?',
  related: [{ message: 'it stands here', path: 'workflow.name', range: range(2, 3, 7) }],
});

describe('printDiagnostics', () => {
  it('prints code, message, place, the line with a caret, hint and related places', () => {
    expect(printDiagnostics([finding], { name: 'a.yaml', text })).toBe(
      [
        'error DEF111 The key `nmae` is unknown.',
        '  a.yaml:3:3 (workflow.nmae)',
        '  3 |   nmae: y',
        '    |   ^^^^',
        '  hint: did you mean `name`?',
        '  it stands here:',
        '  a.yaml:2:3',
        '  2 |   name: x',
        '    |   ^^^^',
        '',
      ].join('\n'),
    );
  });

  it('names the file alone for a finding without a place', () => {
    const whole = diagnostic('DEF105', { message: 'The text is empty.', path: '' });

    expect(printDiagnostics([whole], { name: 'a.yaml', text: '' })).toBe('error DEF105 The text is empty.\n  a.yaml\n');
  });

  it('puts an empty line between two findings', () => {
    const whole = diagnostic('DEF105', { message: 'Empty.', path: '' });

    expect(printDiagnostics([whole, whole], { name: 'a', text: '' })).toBe(
      'error DEF105 Empty.\n  a\n\nerror DEF105 Empty.\n  a\n',
    );
  });

  it('paints through the given function only', () => {
    const alone: Diagnostic = { ...finding, related: [{ message: 'as it says', path: 'workflow' }] };

    const painted = printDiagnostics([alone], { name: 'a', text, paint: (part, piece) => `<${part}>${piece}</>` });

    expect(painted.split('\n')).toEqual([
      '<error>error DEF111</> The key `nmae` is unknown.',
      '  <place>a:3:3</> (workflow.nmae)',
      '  3 | <source>  nmae: y</>',
      '    |   <caret>^^^^</>',
      '  <hint>hint: did you mean `name`?</>',
      '  as it says:',
      '  <place>a</>',
      '',
    ]);
  });

  it('shows a long line around its caret', () => {
    const line = `${'a'.repeat(500)}HERE${'b'.repeat(500)}`;
    const long = { ...finding, related: [], range: range(1, 501, 505) };

    const [, , shown, caret] = printDiagnostics([long], { name: 'a', text: line }).split('\n');

    expect(shown!.length).toBeLessThan(140);
    expect(shown!.slice(caret!.indexOf('^'), caret!.lastIndexOf('^') + 1)).toBe('HERE');
    expect(shown).toMatch(/…a+HEREb+…$/);
  });

  it('cuts only what is wider than 120 characters, and shows 120 of it', () => {
    const printed = (width: number, column: number): string =>
      printDiagnostics([{ ...finding, related: [], range: range(1, column, column + 1) }], {
        name: 'a',
        text: 'a'.repeat(width),
      });

    expect(printed(120, 120)).toContain(`\n  1 | ${'a'.repeat(120)}\n    | ${' '.repeat(119)}^\n`);
    expect(printed(121, 1)).toContain(`\n  1 | ${'a'.repeat(120)}…\n    | ^\n`);
    expect(printed(121, 121)).toContain(`\n  1 | …${'a'.repeat(120)}\n    | ${' '.repeat(120)}^\n`);
  });

  it('keeps the caret below its place wherever a long line is cut', () => {
    for (let at = 0; at < 300; at += 1) {
      const line = `${'.'.repeat(at)}X${'.'.repeat(299 - at)}`;
      const one = { ...finding, related: [], range: range(1, at + 1, at + 2) };

      const [, , shown, caret] = printDiagnostics([one], { name: 'a', text: line }).split('\n');

      expect(shown![caret!.indexOf('^')]).toBe('X');
      expect(shown!.replace('  1 | ', '').replaceAll('…', '')).toHaveLength(120);
      expect([shown!.includes('| …'), shown!.endsWith('…')]).toEqual([at > 60, at < 240]);
    }
  });

  it('ends a long caret where the shown line ends', () => {
    const long = { ...finding, related: [], range: range(1, 101, 900) };

    const [, , shown, caret] = printDiagnostics([long], { name: 'a', text: 'a'.repeat(1_000) }).split('\n');

    expect(caret).toHaveLength(shown!.length);
    expect(caret).toMatch(/ \^+$/);
  });

  it.each([
    ['an empty place', 'name: x', range(1, 5, 5), '  1 | name: x\n    |     ^\n'],
    ['the end of a line', 'name:', range(1, 6, 7), '  1 | name:\n    |      ^\n'],
    ['a line that the text does not have', 'name:', range(2, 1, 2), '  2 | \n    | ^\n'],
    ['a line of two digits', `${'\n'.repeat(11)}ab`, range(12, 2, 3), '  12 | ab\n     |  ^\n'],
    ['a line that ends in a carriage return', 'a\r\nb\r\n', range(2, 1, 2), '  2 | b\n    | ^\n'],
  ])('marks %s', (_what, text, range, lines) => {
    expect(printDiagnostics([{ ...finding, related: [], range }], { name: 'a', text })).toContain(lines);
  });

  it('ends the caret with the first line of a range of several', () => {
    const several = { ...finding, related: [], range: { line: 2, column: 3, endLine: 3, endColumn: 4 } };

    expect(printDiagnostics([several], { name: 'a', text })).toContain('    |   ^^^^^^^\n');
  });

  it('lets no control character through, and keeps carets in place', () => {
    const hostile = { ...finding, message: 'a\u001b[31mb', related: [], range: range(1, 4, 5) };

    const printed = printDiagnostics([hostile], { name: 'a\u0007', text: '\t\u001b\u202eX' });

    expect(printed).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
    expect(printed).toContain('| \u0020\ufffd\ufffdX\n    |    ^');
  });

  it('shows ten related places and counts the rest', () => {
    const related = Array.from({ length: 12 }, (_, index) => ({ message: `place ${index}`, path: '' }));

    const printed = printDiagnostics([{ ...finding, related }], { name: 'a', text });

    expect(printed).toContain('place 9:');
    expect(printed).not.toContain('place 10:');
    expect(printed).toMatch(/ {2}and 2 more places\n$/);
  });

  it('counts no rest where ten related places are all', () => {
    const related = Array.from({ length: 10 }, (_, index) => ({ message: `place ${index}`, path: '' }));

    expect(printDiagnostics([{ ...finding, related }], { name: 'a', text })).toMatch(/place 9:\n {2}a\n$/);
  });
});

describe('diagnosticRows', () => {
  it('adds the file and what the code stands for', () => {
    expect(diagnosticRows([finding], 'a.yaml')).toEqual([{ file: 'a.yaml', title: 'Unknown key', ...finding }]);
  });

  it('lets a code that the table does not have stand for itself', () => {
    const [row] = diagnosticRows([{ ...finding, code: 'toString' }], 'a');

    expect(row?.title).toBe('toString');
  });
});

describe('countDiagnostics', () => {
  it('counts by severity and leaves out what there is none of', () => {
    const warning: Diagnostic = { ...finding, severity: 'warning' };
    const advice: Diagnostic = { ...finding, severity: 'advice' };

    expect(countDiagnostics([])).toBe('');
    expect(countDiagnostics([warning, warning])).toBe('2 warnings');
    expect(countDiagnostics(Array.from({ length: 10 }, () => finding))).toBe('10 errors');
    expect(countDiagnostics([finding, warning, advice])).toBe('1 error, 1 warning, 1 piece of advice');
    expect(countDiagnostics([advice, finding, finding, advice])).toBe('2 errors, 2 pieces of advice');
  });
});

describe('sortDiagnostics', () => {
  it('orders by place, then code, path and message, and leaves the given list alone', () => {
    const at = (line: number, column: number, parts: Partial<Diagnostic>): Diagnostic => ({
      ...finding,
      range: range(line, column, column + 1),
      ...parts,
    });
    const nowhere: Diagnostic = { code: 'Z', severity: 'error', message: '', path: '' };
    const sorted = [
      nowhere,
      at(1, 2, { code: 'B' }),
      at(1, 3, { code: 'A', path: 'a', message: 'x' }),
      at(1, 3, { code: 'A', path: 'a', message: 'y' }),
      at(1, 3, { code: 'A', path: 'b' }),
      at(1, 3, { code: 'B' }),
      at(2, 1, { code: 'A' }),
    ];
    const given = sorted.toReversed();

    expect(sortDiagnostics(given)).toEqual(sorted);
    sorted.forEach((earlier, index) => {
      for (const later of sorted.slice(index + 1)) {
        expect(sortDiagnostics([later, earlier])).toEqual([earlier, later]);
        expect(sortDiagnostics([earlier, later])).toEqual([earlier, later]);
      }
    });
    expect(given[0]).toEqual(sorted.at(-1));
  });
});
