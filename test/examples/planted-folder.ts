import { mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { temporaryDirectory } from '../makers/temporary-directory.ts';

/** Writes the files, by path, into a new folder that goes away with the test. */
export function plantFolder(files: Readonly<Record<string, string | Uint8Array>>): string {
  const root = realpathSync(temporaryDirectory());
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return root;
}
