import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { checkout } from '../architecture/source-file.ts';

/** The packages that a guide's programs import, as they would be installed in its reader's directory. */
export function installPackages(directory: string): void {
  const installed = join(directory, 'node_modules');
  mkdirSync(installed);
  symlinkSync(checkout, join(installed, 'skein'));
  for (const name of ['zod', '@aws-lambda-powertools']) {
    symlinkSync(join(checkout, 'node_modules', name), join(installed, name));
  }
}
