import { readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

/** The Markdown files of a folder and its subfolders, in order of their paths. Hidden folders and node_modules are left out. */
export default async function find({ input }: { readonly input: { readonly folder: string } }) {
  const entries = await readdir(input.folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && /\.(md|markdown)$/i.test(entry.name))
    .map((entry) => relative(input.folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((path) => !path.split('/').some((part) => part.startsWith('.') || part === 'node_modules'));
  return { files: files.sort() };
}
