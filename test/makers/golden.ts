import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';

const root = fileURLToPath(new URL('../golden/', import.meta.url));

/** Folders of a suite: one for each case, named as a sentence. */
export function goldenCases(suite: string): string[] {
  return readdirSync(root + suite, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

/** Absolute path of a file of a case. */
export function goldenFile(suite: string, name: string, file: string): string {
  return `${root}${suite}/${name}/${file}`;
}

/** Compares with the file, or writes it when UPDATE_GOLDEN=1: read the difference before you commit it. */
export function expectGolden(path: string, actual: string): void {
  if (process.env['UPDATE_GOLDEN'] === '1') {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, actual);
  }
  const expected = existsSync(path) ? readFileSync(path, 'utf8') : undefined;
  expect(expected, `${path} is written by UPDATE_GOLDEN=1`).toBeDefined();
  expect(actual).toBe(expected);
}
