import { readFileSync } from 'node:fs';
import { parseJson } from '../core/json/index.ts';

/** Skein's own version, from its package.json: stated there and nowhere else. */
export function programVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  // Our own file: the version is there, and npm holds its form.
  return (parseJson(text) as { version: string }).version;
}
