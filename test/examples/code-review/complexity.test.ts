import { describe, expect, it } from 'vitest';
import complexity from '../../../examples/code-review/agents/complexity.ts';
import { measureFunctions } from '../../../examples/code-review/complexity/index.ts';
import { parseScript } from '../../../examples/code-review/repository/index.ts';
import { analyse, places } from './review.ts';

function measure(code: string) {
  return measureFunctions(parseScript('a.ts', code));
}

describe('measureFunctions', () => {
  it.each([
    ['a straight way', 'return a;', 1, 0],
    ['if and else if', 'if (a) b(); else if (c) d(); else e();', 3, 3],
    ['nesting', 'for (const x of y) { if (x) { while (x) z(); } }', 4, 6],
    ['a switch', 'switch (a) { case 1: b(); break; case 2: c(); break; default: d(); }', 3, 1],
    ['one logical thought, and two', 'if (a && b && c) d(); return a && (b || c);', 6, 4],
    ['a ternary and a catch', 'try { return a ? 1 : 2; } catch { return 3; }', 3, 2],
    ['?? and its assignment', 'a ??= b; return c ?? d;', 3, 2],
  ])('measures %s', (_what, body, cyclomatic, cognitive) => {
    expect(measure(`function f() { ${body} }`)).toMatchObject([{ name: 'f', cyclomatic, cognitive }]);
  });

  it('measures nested functions by themselves', () => {
    const functions = measure('function outer() {\n  const inner = () => (a ? 1 : 2);\n  return inner;\n}');

    expect(functions).toEqual([
      { name: 'outer', line: 1, lines: 4, cyclomatic: 1, cognitive: 0 },
      { name: 'inner', line: 2, lines: 1, cyclomatic: 2, cognitive: 1 },
    ]);
  });

  it('names functions after what they are assigned or given to', () => {
    const functions = measure(
      'class A { constructor() {} get b() { return 1; } }\nexports.c = function () {};\nroute.get(() => 1);\na().b(() => 1);\n({ d: () => 1 });\n(() => 1)();',
    );

    expect(functions.map(({ name }) => name)).toEqual([
      'constructor',
      'b',
      'exports.c',
      '(given to route.get)',
      '(given to ….b)',
      'd',
      '(anonymous)',
    ]);
  });
});

const branches = (count: number): string => 'if (a) b();\n'.repeat(count);

describe('complexity', () => {
  it('finds functions past the limits, the worst first', async () => {
    const analysis = await analyse(complexity, {
      'a.ts': `export function fine() {\n${branches(9)}}\nexport function warn() {\n${branches(10)}}\n`,
      'b.js': `export function bad() {\n${branches(20)}}\nexport function long() {\n${'a();\n'.repeat(79)}}\n`,
      'c.py': `def bad(a):\n${'    if a:\n        a()\n'.repeat(21)}\n\ndef warn(a):\n${'    if a:\n        a()\n'.repeat(10)}`,
    });

    expect(analysis.findings.map(({ severity, path, line }) => `${severity} ${path}:${line}`)).toEqual([
      'medium b.js:1',
      'medium c.py:1',
      'low a.ts:12',
      'low b.js:23',
      'low c.py:46',
    ]);
    expect(analysis.findings[2]?.message).toBe('`warn`: cyclomatic complexity 11 (worth a look above 10).');
  });

  it('lists the ten most complex functions, and leaves tests alone', async () => {
    const many = Array.from({ length: 12 }, (_, index) => `function f${index}() {\n${branches(index)}}\n`).join('');

    const analysis = await analyse(complexity, {
      'a.ts': many,
      'test/b.test.ts': `function f() {\n${branches(40)}}\n`,
    });

    expect(places(analysis)).toEqual(['complex-function a.ts:66', 'complex-function a.ts:78']);
    expect(analysis.tables[0]?.rows).toHaveLength(10);
    expect(analysis.tables[0]?.rows[0]?.[0]).toBe('f11');
    expect(analysis.notLookedAt).toEqual(['1 TypeScript file of tests: long and flat is how tests should be.']);
  });

  it('finds nothing in simple code', async () => {
    const analysis = await analyse(complexity, { 'a.ts': 'export const a = (b: number) => b + 1;\n' });

    expect(analysis.findings).toEqual([]);
    expect(analysis.examined).toBe('1 functions in 1 TypeScript file');
  });
});
