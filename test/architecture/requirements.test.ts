import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path/posix';
import { describe, expect, it } from 'vitest';
import { checkout } from './source-file.ts';

const statuses = ['holds', 'embedded', 'partly', 'open'];
const groups = { A: 8, B: 17, C: 9, D: 12, E: 13 };

interface Row {
  readonly id: string;
  readonly status: string;
  /** Targets of the Markdown links of the last column, from the root of the checkout. */
  readonly links: readonly string[];
}

function rowsOf(markdown: string): Row[] {
  return [...markdown.matchAll(/^\| ([A-E]\d+) \| .* \| (\w+) \|(.*)\|$/gm)].map(([, id, status, evidence]) => ({
    id: id!,
    status: status!,
    links: [...evidence!.matchAll(/\]\(([^)]+)\)/g)].map(([, target]) => join('docs', target!)),
  }));
}

const isTestWithFacts = (path: string): boolean =>
  /\.(test|contract)\.ts$/.test(path) &&
  existsSync(checkout + path) &&
  /\bit(\.each)?\(/.test(readFileSync(checkout + path, 'utf8'));

/** What is wrong with the table's claims, one sentence each. */
function brokenClaims(rows: readonly Row[]): string[] {
  return rows.flatMap(({ id, status, links }) => {
    if (!statuses.includes(status)) return [`${id}: no such status as ${status}`];
    const dead = links.filter((link) => !isTestWithFacts(link)).map((link) => `${id}: ${link} is no test`);
    const bare = status !== 'open' && links.length === 0 ? [`${id}: claims ${status} without a test`] : [];
    const shy = status === 'open' && links.length > 0 ? [`${id}: is open and links a test`] : [];
    return [...dead, ...bare, ...shy];
  });
}

describe('docs/requirements.md', () => {
  const rows = rowsOf(readFileSync(`${checkout}docs/requirements.md`, 'utf8'));

  it('has every row once, in order', () => {
    const expected = Object.entries(groups).flatMap(([group, count]) =>
      Array.from({ length: count }, (_, index) => `${group}${index + 1}`),
    );

    expect(rows.map(({ id }) => id)).toEqual(expected);
  });

  it('links a test that exists for each claim', () => {
    expect(brokenClaims(rows)).toEqual([]);
  });
});

describe('brokenClaims', () => {
  it.each([
    ['| A1 | A row | holds | |', 'A1: claims holds without a test'],
    ['| A1 | A row | soon | |', 'A1: no such status as soon'],
    ['| A1 | A row | partly | [x](../test/gone.test.ts) |', 'A1: test/gone.test.ts is no test'],
    ['| A1 | A row | partly | [x](requirements.md) |', 'A1: docs/requirements.md is no test'],
    ['| A1 | A row | open | [x](../test/architecture/files.test.ts) |', 'A1: is open and links a test'],
  ])('finds the fault in %s', (markdown, fault) => {
    expect(brokenClaims(rowsOf(markdown))).toEqual([fault]);
  });
});
