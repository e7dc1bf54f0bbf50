import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { checkStructure } from '../../examples/document-sweep/documents/check-structure.ts';
import { readDocument } from '../../examples/document-sweep/documents/read-document.ts';
import { openShell } from '../makers/shell.ts';
import { plantFolder } from './planted-folder.ts';

const workflow = fileURLToPath(new URL('../../examples/document-sweep/document-sweep.yaml', import.meta.url));
const page = (title: string) =>
  `# ${title}\n\nThis page speaks of orchestration, and of ${title.toLowerCase()}, in a few sentences that are long enough to be no mere note, twenty words at the least.\n`;

/** Sweeps a folder of these files, as a user would. */
async function sweep(files: Parameters<typeof plantFolder>[0]) {
  using shell = openShell();
  const [folder, results] = [plantFolder(files), plantFolder({})];
  const inputs = ['--input', `folder=${folder}`, '--input', `results=${results}`];
  const { exitCode, out } = await shell.skein('run', workflow, '--database', ':memory:', ...inputs);
  const read = (file: string) => readFileSync(join(results, file), 'utf8');
  return { exitCode, out, read };
}

describe('document-sweep', () => {
  it.each(['document-sweep.yaml', 'term-index.yaml'])('%s is valid, and nothing is advised', async (file) => {
    using shell = openShell();

    const { exitCode, out } = await shell.skein('validate', join(workflow, '..', file));

    expect({ exitCode, lines: out.trim().split('\n').length }).toEqual({ exitCode: 0, lines: 1 });
  });

  it('reports problems with their places, and indexes the terms that documents share', async () => {
    const { exitCode, read } = await sweep({
      'one.md': `${page('Alpha')}\nSee [two](sub/two.md) and [nothing](nowhere.md#part).\n`,
      'sub/two.md': page('Gamma'),
      'untitled.md': page('Delta').replace('# ', ''),
      'picture.png': 'no document',
    });

    expect(exitCode).toBe(0);
    expect(read('report.md')).toContain('3 documents, ');
    expect(read('report.md')).toContain(
      ['- one.md:5 links to nowhere.md#part, which does not exist', '- untitled.md has no title'].join('\n'),
    );
    expect(JSON.parse(read('index.json'))).toMatchObject({ orchestration: ['one.md', 'sub/two.md', 'untitled.md'] });
  });

  it('sweeps a folder without documents', async () => {
    const { exitCode, read } = await sweep({});

    expect(exitCode).toBe(0);
    expect(read('report.md')).toContain('0 documents, 0 words.');
  });

  it('goes on without a batch that cannot be read, as long as few fail', async () => {
    const pages = Array.from({ length: 55 }, (_, n): [string, string] => [
      `${String(n).padStart(2, '0')}.md`,
      page(`Page ${n}`),
    ]);

    const { exitCode, out, read } = await sweep({
      ...Object.fromEntries(pages),
      '00.md': Uint8Array.of(0xff, 0xfe, 0x00),
    });

    expect(exitCode).toBe(0);
    expect(out).toContain('read[0]  failed: InvalidInput: 00.md is no UTF-8 text');
    expect(read('report.md')).toMatch(/^50 documents, \d+ words; 5 could not be read\.$/m);
  });
});

describe('readDocument', () => {
  it('reads headings, links and words with their lines, and nothing of code', () => {
    const text =
      '# Title ##\n\nA [link](there.md "title") and `[code](no.md)`.\n```\n# no heading\n[no](no.md)\n```\n## End\n';

    expect(readDocument('a.md', text)).toEqual({
      path: 'a.md',
      words: 5,
      headings: [
        { level: 1, text: 'Title', line: 1 },
        { level: 2, text: 'End', line: 8 },
      ],
      links: [{ target: 'there.md', line: 3 }],
      terms: { title: 1 },
    });
  });
});

describe('checkStructure', () => {
  it.each([
    ['## Part\n\n# Title\n', 'begins with a heading below its title: Part'],
    ['# One\n\n# Two\n', 'has a second title: Two'],
    ['# One\n\n### Deep\n', 'goes from level 1 to level 3: Deep'],
    ['only text\n', 'has no title'],
  ])('finds in %j that it %s', (text, problem) => {
    expect(checkStructure([readDocument('a.md', text)]).map((found) => found.problem)).toEqual([problem]);
  });
});
