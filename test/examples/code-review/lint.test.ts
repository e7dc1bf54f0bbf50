import { describe, expect, it } from 'vitest';
import lint from '../../../examples/code-review/agents/lint.ts';
import { analyse, places } from './review.ts';

describe('lint', () => {
  it('finds mistakes in JavaScript and TypeScript', async () => {
    const analysis = await analyse(lint, {
      'a.js': 'export const a = { k: 1, k: 2 };\nif (a === a) debugger;\n',
      'b.tsx': 'export const b = <p>{[1].map((x) => { x; })}</p>;\n',
      'c.ts': 'const unused = 1;\n// @ts-ignore\nexport const c: string = 1;\n',
      'd.cjs': 'const gone = 1;\nmodule.exports = 2;\n',
    });

    expect(places(analysis)).toEqual([
      'no-dupe-keys a.js:1',
      'no-debugger a.js:2',
      'no-self-compare a.js:2',
      'array-callback-return b.tsx:1',
      '@typescript-eslint/no-unused-vars c.ts:1',
      '@typescript-eslint/ban-ts-comment c.ts:2',
      '@typescript-eslint/no-unused-vars d.cjs:1',
    ]);
    expect(analysis.counts).toEqual({ high: 0, medium: 4, low: 3, info: 0 });
    expect(analysis.findings[0]?.explanation).toBe('ESLint: Disallow duplicate keys in object literals.');
  });

  it('finds mistakes in Python, without a Python', async () => {
    const analysis = await analyse(lint, {
      'a.py': 'import os\n\n\ndef f(a=[]):\n    return b\n',
      'pkg/__init__.py': 'from .a import f\n',
    });

    expect(places(analysis)).toEqual(['B006 a.py:4', 'F821 a.py:5', 'F401 a.py:1']);
  });

  it('reports files that do not parse as high, in tests as low', async () => {
    const analysis = await analyse(lint, {
      'a.ts': 'let = = 3;\n',
      'b.py': 'def f(:\n    pass\n',
      'test/broken.js': 'let = = 3;\n',
    });

    expect(analysis.findings.map(({ rule, severity, path }) => `${severity} ${rule} ${path}`)).toEqual([
      'high syntax-error a.ts',
      'high syntax-error b.py',
      'high syntax-error b.py',
      'low syntax-error test/broken.js',
    ]);
  });

  it('finds nothing in clean code', async () => {
    const analysis = await analyse(lint, {
      'a.ts': "import { b } from './b.js';\n\nexport function a(x: number): number {\n  return b(x);\n}\n",
      'b.js': 'export const b = (x) => <p>{x}</p>;\n',
      'page.js': 'function calledByThePage() {}\n',
      'c.py': 'def c(x: int) -> int:\n    return x\n',
      'types.d.ts': 'declare const unused: string;\n',
    });

    expect(analysis.findings).toEqual([]);
    expect(analysis.examined).toBe('2 JavaScript, 1 TypeScript and 1 Python files');
  });

  it('obeys no configuration and no comment that would load or add rules', async () => {
    const analysis = await analyse(lint, {
      'eslint.config.js': "throw new Error('never loaded');\n",
      'a.js': '/* eslint no-console: 2, other/rule: 2 */\nconsole.log(1); // eslint-disable-line other/rule\n',
      'b.js': '// eslint-disable-next-line no-debugger\ndebugger;\n',
    });

    expect(analysis.findings).toEqual([]);
  });

  it('blames no file for which a parser is too small', async () => {
    const deep = '[\n'.repeat(50_000);

    const analysis = await analyse(lint, {
      'deep.js': deep,
      'deep.py': `${deep}${']'.repeat(50_000)}\n`,
      'b.py': 'import os\n',
    });

    expect(places(analysis)).toEqual(['F401 b.py:1']);
    expect(analysis.notLookedAt).toEqual([
      expect.stringMatching(/^deep\.js: .*call stack/),
      expect.stringMatching(/^deep\.py: .*call stack/),
    ]);
  });

  it('says which languages it does not know', async () => {
    const analysis = await analyse(lint, {
      'a.go': 'package a\n',
      'b.js': '/* @flow */\nexport const b: ?string = 1;\n',
    });

    expect(analysis.findings).toEqual([]);
    expect(analysis.notLookedAt).toEqual(['1 file written in Flow.', '1 Go file: no linter here knows the language.']);
  });
});
