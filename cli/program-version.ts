import { readFileSync } from 'node:fs';

/** Skein's own version, from its package.json: stated there and nowhere else. */
export function programVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  // Our own file: the version is there, and npm holds its form.
  return (JSON.parse(text) as { version: string }).version;
}
