import { describe, expect, it } from 'vitest';
import documentation from '../../../examples/code-review/agents/documentation.ts';
import { findAnchors, findLinks } from '../../../examples/code-review/documentation/index.ts';
import { analyse, places } from './review.ts';

const complete = {
  'README.md': '# A\n\n```\nnpm start\n```\n',
  LICENSE: 'MIT\n',
  'CHANGELOG.md': '# Changes\n',
};

describe('findLinks', () => {
  it('finds links, images, definitions and HTML, and none in code or comments', () => {
    const text = [
      '[a](a.md) ![b](img/b.png "title") [c](<with space.md>) [d](d_(e).md)',
      '```[no](no.md)```',
      '`[no](no.md)` <a href="f.md">f</a>',
      '[g]: g.md "G"',
      '```',
      '[no](no.md)',
      '```',
      '<!-- [no](no.md)',
      '[no](no.md) -->',
      '',
      '    [no](no.md)',
      '- item',
      '',
      '    [h](h.md)',
    ].join('\n');

    expect(findLinks(text).map(({ target, line }) => `${line} ${target}`)).toEqual([
      '1 a.md',
      '1 img/b.png',
      '1 with space.md',
      '1 d_(e).md',
      '3 f.md',
      '4 g.md',
      '14 h.md',
    ]);
  });
});

describe('findAnchors', () => {
  it('makes the anchors that GitHub makes', () => {
    const text =
      '# Hello, World!\n## `code` and [link](x.md)\n## Twice\n## Twice\nUnder\n-----\n<a id="own"></a>\n```\n# no\n```\n';

    expect([...findAnchors(text)]).toEqual(['hello-world', 'code-and-link', 'twice', 'twice-1', 'under', 'own']);
  });

  // Counted from 1 again for each of them, a million lines would take an hour.
  it('numbers many equal headings', () => {
    const anchors = findAnchors('# Change\n'.repeat(50_000));

    expect(anchors.size).toBe(50_000);
    expect(anchors.has('change-49999')).toBe(true);
  });
});

describe('documentation', () => {
  it('finds nothing to say of a repository that is complete', async () => {
    const analysis = await analyse(documentation, {
      ...complete,
      'docs/a.md':
        '[up](../README.md#a) [folder](../src/) [web](https://a.io) [mail](mailto:a@b.io) [self](#b) [other sites write it so](#-B-) [site](../../issues)\n\n# B\n',
      'src/a.ts':
        '/** Adds one. */\nexport const a = (b: number) => b + 1;\n\n// Why b is here.\nexport function b() {}\n',
      'c.py': 'def c():\n    """Answers."""\n    return 42\n',
    });

    expect(analysis.findings).toEqual([]);
    expect(analysis.tables[0]?.rows).toEqual([[2, 2, '100 %']]);
  });

  it('misses README, licence and changelog', async () => {
    const analysis = await analyse(documentation, { 'a.js': 'a();\n' });

    expect(places(analysis)).toEqual(['no-readme .:1', 'no-license .:1', 'no-changelog .:1']);
  });

  it('takes the licence from package.json, and wants a README to say how to start', async () => {
    const analysis = await analyse(documentation, {
      'README.md': '# A\n\nIt is nice.\n',
      'package.json': '{ "license": "MIT" }',
    });

    expect(places(analysis)).toEqual(['readme-without-usage README.md:1', 'no-changelog .:1']);
  });

  it.each(['## Setup\n', '~~~\ncode\n~~~\n', '1. Run `npm start`\n'])('takes %j for a way to start', async (readme) => {
    const analysis = await analyse(documentation, { ...complete, 'README.md': readme });

    expect(analysis.findings).toEqual([]);
  });

  it('finds links to files and headings that do not exist', async () => {
    const analysis = await analyse(documentation, {
      ...complete,
      'docs/a.md': '[a](missing.md)\n[b](../README.md#nowhere)\n[c](#c)\n[d](/docs/a.md)\n[e](b)\n',
      'docs/b.md': '# B\n',
    });

    expect(analysis.findings.map(({ line, message }) => `${line}: ${message}`)).toEqual([
      '1: The link to `missing.md` leads nowhere.',
      '2: The link to `../README.md#nowhere` names a heading that README.md does not have.',
      '3: The link to `#c` names a heading that docs/a.md does not have.',
    ]);
  });

  it('finds exported names without a comment, and weighs them in libraries only', async () => {
    const source = {
      'src/a.ts': [
        '// About the file.',
        '',
        'export const a = 1, b = 2;',
        '/** Known. */',
        'export function c(x: string): void;',
        'export function c(x: number): void;',
        "export { d } from './d.js';",
        'const hidden = 3;',
        'export default class {}',
      ].join('\n'),
      'p.py': 'class P:\n    def method(self):\n        pass\n\n\ndef _private():\n    pass\n',
      'test/t.ts': 'export const t = 1;\n',
    };

    const application = await analyse(documentation, { ...complete, ...source });
    const library = await analyse(documentation, { ...complete, ...source, 'package.json': '{ "main": "a.js" }' });

    expect(
      application.findings.map(({ severity, path, line, message }) => `${severity} ${path}:${line} ${message}`),
    ).toEqual(['info p.py:1 No comment on `P`, `method`.', 'info src/a.ts:3 No comment on `a`, `b`, `default`.']);
    expect(application.tables[0]?.rows).toEqual([[6, 1, '17 %']]);
    expect(library.counts).toEqual({ high: 0, medium: 0, low: 2, info: 0 });
  });

  it('counts promises in comments, and nothing that only looks like one', async () => {
    const analysis = await analyse(documentation, {
      ...complete,
      'a.js':
        '// TODO: one\nconst a = "// TODO two";\n/*\n * FIXME three\n */\nconst r = /\\/\\/ TODO four/;\n// the TODO list\n',
      'b.py': 'x = 1  # HACK: five\n',
      'c.go': 'package c // XXX six\n',
    });

    expect(analysis.findings.map(({ path, message }) => `${path} ${message}`)).toEqual([
      'a.js Left to do: TODO in line 1, FIXME in line 4.',
      'b.py Left to do: HACK in line 1.',
      'c.go Left to do: XXX in line 1.',
    ]);
    expect(analysis.tables[1]?.rows).toEqual([
      ['TODO', 1],
      ['FIXME', 1],
      ['HACK', 1],
      ['XXX', 1],
    ]);
  });
});
