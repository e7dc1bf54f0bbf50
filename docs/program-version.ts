import { readFileSync } from 'node:fs';

/** Of the package that the pages are about. */
export function programVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  const version = /"version": "([^"]+)"/.exec(text)?.[1];
  if (version === undefined) throw new Error('package.json names no version');
  return version;
}
