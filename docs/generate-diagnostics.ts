// Writes docs/diagnostics.md from the code table: `node docs/generate-diagnostics.ts`.
import { writeFileSync } from 'node:fs';
import { diagnosticsPage } from './diagnostics-page.ts';

writeFileSync(new URL('diagnostics.md', import.meta.url), diagnosticsPage());
