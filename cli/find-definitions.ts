import { readdirSync } from 'node:fs';
import { extname, join, relative, resolve } from 'node:path';
import { fileError } from './file-error.ts';
import { readText } from './read-text.ts';

const extensions = ['.yaml', '.yml', '.json'];

/** The definitions of a directory, by name, as paths from `from`: the YAML and JSON files that have the key `workflow`. */
export function findDefinitions(directory: string, from: string): readonly string[] {
  const path = resolve(from, directory);
  return namesIn(path)
    .filter((name) => extensions.includes(extname(name)) && isDefinition(readText(join(path, name))))
    .sort()
    .map((name) => relative(from, join(path, name)));
}

/** Whether it is a right one, its parser says; here it matters only that it wants to be one. */
function isDefinition(text: string): boolean {
  return /^(?:workflow|\s*\{?\s*"workflow")\s*:/m.test(text);
}

function namesIn(path: string): readonly string[] {
  try {
    return readdirSync(path);
  } catch (error) {
    throw fileError(error, path, 'name a directory with workflow definitions');
  }
}
