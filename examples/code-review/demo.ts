// `npm run demo [-- <path>]`: the code review of this repository, or of the one at <path>. It only spells out a `skein run`.
import { resolve } from 'node:path';

const workflow = new URL('./code-review.yaml', import.meta.url).pathname;
const [path = '.', ...options] = process.argv.slice(2);
// npm runs scripts in the package's folder; INIT_CWD is where the person stands.
const repository = resolve(process.env['INIT_CWD'] ?? process.cwd(), path);

process.argv.splice(2, Infinity, 'run', workflow, '--input', `repository=${repository}`, ...options);
await import('../../cli/main.ts');
