import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openShell, type Answer } from '../makers/shell.ts';
import { plantFolder } from './planted-folder.ts';

const checkout = fileURLToPath(new URL('../../', import.meta.url));
const review = join(checkout, 'examples/code-review/code-review.yaml');
const pipeline = join(checkout, 'examples/data-pipeline/data-pipeline.yaml');

/** As a user would, from another folder, with the agents in worker threads. */
async function run(workflow: string, input: Readonly<Record<string, string>>, agents?: string): Promise<Answer> {
  using shell = openShell();
  const inputs = Object.entries(input).flatMap(([key, value]) => ['--input', `${key}=${value}`]);
  const catalogue = agents === undefined ? [] : ['--agents', agents];
  return await shell.skein('run', workflow, '--database', ':memory:', ...inputs, ...catalogue);
}

/** The execution's output: the JSON at the end of what `run` prints. */
function outputOf({ out }: Answer): unknown {
  return JSON.parse(out.slice(out.indexOf('\n{\n') + 1));
}

function statusOf({ out }: Answer, task: string): string | undefined {
  return new RegExp(`s  ${task}  (succeeded|skipped|failed|cancelled)`).exec(out)?.[1];
}

describe('the examples', () => {
  it.each([
    ['code-review', review, 6],
    ['data-pipeline', pipeline, 10],
  ])('%s is valid, and nothing is advised', async (_name, workflow, tasks) => {
    using shell = openShell();

    const answer = await shell.skein('validate', workflow);

    expect(answer.exitCode).toBe(0);
    expect(answer.out.trim().split('\n')).toEqual([expect.stringMatching(new RegExp(`^valid .*, ${tasks} tasks$`))]);
  });
});

describe('data-pipeline', () => {
  it('reports in spite of bad rows and a source that never answers', async () => {
    const folder = plantFolder({});

    const answer = await run(pipeline, { folder });

    expect(answer.exitCode).toBe(0);
    expect(outputOf(answer)).toEqual({ report: join(folder, 'report.md'), revenue: '123,884.32', orders: 182 });
    expect(['quarantine', 'managers', 'managers-stand-in'].map((task) => statusOf(answer, task))).toEqual([
      'succeeded',
      'failed',
      'succeeded',
    ]);
    expect(readFileSync(join(folder, 'report.md'), 'utf8')).toContain('did not answer, after 3 attempts.');
    expect(readFileSync(join(folder, 'quarantine.csv'), 'utf8').trim().split('\n')).toHaveLength(15);
  });

  it('skips quarantine when no row is bad, and the stand-in when the source answers', async () => {
    const orders =
      'order_id,ordered_on,region,customer,product,quantity,unit_price,currency\nSO-1,2026-01-02,North,A,Desk,2,10.50,EUR\n';
    const folder = plantFolder({ 'orders.csv': orders });
    const managers = 'examples/data-pipeline/data/managers.csv';

    const answer = await run(pipeline, { folder, managers, orders: join(folder, 'orders.csv') });

    expect(outputOf(answer)).toMatchObject({ revenue: '21.00', orders: 1 });
    expect(['quarantine', 'managers', 'managers-stand-in'].map((task) => statusOf(answer, task))).toEqual([
      'skipped',
      'succeeded',
      'skipped',
    ]);
    expect(existsSync(join(folder, 'quarantine.csv'))).toBe(false);
    expect(readFileSync(join(folder, 'report.md'), 'utf8')).toContain('| North | Ines Lund | 1 | 2 | 21.00 |');
  });
});

describe('code-review', () => {
  it('reviews a repository and writes both reports', async () => {
    const repository = plantFolder({
      'README.md': '# Shop\n\n```\nnode shop.js\n```\n\n[docs](docs/missing.md)\n',
      LICENSE: 'MIT\n',
      'shop.js':
        "import { exec } from 'node:child_process';\n\nexport const show = (id) => exec(`git show ${id}`);\nexport const prices = { desk: 1, desk: 2 };\n",
    });
    const report = plantFolder({});

    const answer = await run(review, { repository, report });

    const text = readFileSync(join(report, 'review.md'), 'utf8');
    expect(answer.exitCode).toBe(0);
    expect(outputOf(answer)).toMatchObject({ grade: 'D', findings: { high: 1, medium: 1, low: 1, info: 2 } });
    expect(text).toMatch(/1\. \*\*high\*\* \[shop\.js:3\].*runs a command line built from values/);
    expect(text).toMatch(/2\. \*\*medium\*\* \[shop\.js:4\].*Duplicate key 'desk'/);
    expect(text).toMatch(/3\. \*\*low\*\* \[README\.md:7\].*leads nowhere/);
    expect(existsSync(join(report, 'review.sarif'))).toBe(true);
  });

  it('writes the report without the analyser that failed, and says so', async () => {
    const catalogue = readFileSync(join(review, '../agents.yaml'), 'utf8')
      .replace('./agents/lint.ts', './broken.mjs')
      .replaceAll('./agents/', join(review, '../agents/'));
    const folder = plantFolder({
      'agents.yaml': catalogue,
      'broken.mjs': "export default () => { throw new Error('out of order'); };\n",
      'repository/a.js': 'export const a = { k: 1, k: 2 };\n',
    });

    const answer = await run(
      review,
      { repository: join(folder, 'repository'), report: folder },
      join(folder, 'agents.yaml'),
    );

    expect(answer.exitCode).toBe(0);
    expect(statusOf(answer, 'lint')).toBe('failed');
    expect(readFileSync(join(folder, 'review.md'), 'utf8')).toContain('It is incomplete: lint could not be examined.');
  });

  it('skips the analysers where there is nothing to look at', async () => {
    const report = plantFolder({});

    const answer = await run(review, { repository: plantFolder({}), report });

    expect(outputOf(answer)).toMatchObject({ grade: null, findings: { high: 0, medium: 0, low: 0, info: 0 } });
    expect(['lint', 'security', 'complexity', 'documentation'].map((task) => statusOf(answer, task))).toEqual(
      Array(4).fill('skipped'),
    );
  });

  it('fails at once, and for good, when there is no such folder', async () => {
    const answer = await run(review, { repository: '/no/such/folder', report: plantFolder({}) });

    expect(answer.exitCode).toBe(1);
    expect(answer.out + answer.err).toContain('There is no folder /no/such/folder to review.');
    expect(statusOf(answer, 'synthesis')).toBe('cancelled');
  });
});
