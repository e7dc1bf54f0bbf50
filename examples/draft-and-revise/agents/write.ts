import { readFile } from 'node:fs/promises';
import { capitalized } from '../text/sentences.ts';

/** Notes → a first draft: each point of the list becomes a paragraph of one sentence. */
export default async function write({ input }: { readonly input: { readonly notes: string } }) {
  const lines = (await readFile(input.notes, 'utf8')).split('\n').map((line) => line.trim());
  const paragraphs = lines.filter((line) => line !== '').map((line) => (line.startsWith('#') ? line : sentence(line)));
  return { text: `${paragraphs.join('\n\n')}\n` };
}

function sentence(line: string): string {
  const text = capitalized(line.replace(/^[-*]\s+/, ''));
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
