// Writes every page that is generated: `npm run -s docs`.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pages } from './pages.ts';

for (const [name, text] of Object.entries(pages)) {
  const path = fileURLToPath(new URL(name, import.meta.url));
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text());
}
