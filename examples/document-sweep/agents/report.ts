import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { documentsOf, type Batches, type Problem } from '../documents/document.ts';

interface Input {
  readonly results: string;
  readonly found: number;
  readonly batches: Batches;
  readonly problems: { readonly [check: string]: readonly Problem[] };
  readonly index: {
    readonly path: string;
    readonly terms: number;
    readonly top: readonly { readonly term: string; readonly documents: number }[];
  };
}

/** What the sweep has found, as a page. */
export default async function report({ input }: { readonly input: Input }) {
  const documents = documentsOf(input.batches);
  const words = documents.reduce((sum, document) => sum + document.words, 0);
  const problems = Object.values(input.problems).flat();
  const unread = input.found - documents.length;
  const page = [
    '# Document sweep',
    '',
    `${documents.length} documents, ${words} words${unread === 0 ? '' : `; ${unread} could not be read`}.`,
    '',
    `## Problems: ${problems.length}`,
    '',
    ...problems.map(({ path, line, problem }) => `- ${path}${line === undefined ? '' : `:${line}`} ${problem}`),
    '',
    `## Terms: ${input.index.terms}`,
    '',
    ...input.index.top.map(({ term, documents: count }) => `- ${term}: ${count} documents`),
    '',
  ];
  await mkdir(input.results, { recursive: true });
  const path = join(input.results, 'report.md');
  await writeFile(path, page.join('\n'));
  return { report: path, documents: documents.length, problems: problems.length };
}
