import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A source file as the checks see it, so that a planted violation is one line in a test. */
export interface SourceFile {
  /** From the root of the checkout, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

export const checkout = fileURLToPath(new URL('../../', import.meta.url));

const notOurs = new Set([
  'node_modules',
  '.git',
  'coverage',
  'reports',
  '.skein',
  'golden',
  'fixtures',
  '.stryker-tmp',
]);

function pathsBelow(folder: string): string[] {
  return readdirSync(checkout + folder, { withFileTypes: true })
    .filter((entry) => !notOurs.has(entry.name))
    .flatMap((entry) => {
      const path = folder + entry.name;
      return entry.isDirectory() ? pathsBelow(`${path}/`) : [path];
    });
}

/** Every TypeScript file of the checkout, tests included. */
export function readSourceFiles(): SourceFile[] {
  return pathsBelow('')
    .filter((path) => path.endsWith('.ts') || path.endsWith('.tsx'))
    .map((path) => ({ path, text: readFileSync(checkout + path, 'utf8') }));
}
