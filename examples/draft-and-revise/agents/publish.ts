import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Problem } from '../text/problem.ts';

interface Input {
  readonly folder: string;
  readonly text: string;
  readonly score: number;
  readonly problems: readonly Problem[];
}

/** Writes the text, and below it what a person may still look at. */
export default async function publish({ input }: { readonly input: Input }) {
  await mkdir(input.folder, { recursive: true });
  const path = join(input.folder, 'text.md');
  const left = input.problems.map(({ kind, about }) => `- ${kind}: ${about}`);
  const notes = left.length === 0 ? [] : ['', '---', '', `Score ${input.score}. Left to people:`, '', ...left, ''];
  await writeFile(path, `${input.text.trimEnd()}\n${notes.join('\n')}`);
  return { path };
}
