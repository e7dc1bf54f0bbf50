import { existsSync } from 'node:fs';
import { NotFoundError } from '../../core/errors/index.ts';
import { failed, ok, type Finding } from './finding.ts';

/** The oldest Node.js that runs the sources as they are, as in package.json. */
const OLDEST_NODE = [22, 18] as const;

/** `version` as in `24.21.0`. */
export function nodeFinding(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [least, leastMinor] = OLDEST_NODE;
  if (major > least || (major === least && minor >= leastMinor)) return ok('node', `Node.js ${version}`);
  const fix = `install Node.js ${OLDEST_NODE.join('.')} or later; Skein brings one along on Linux (\`npm ci\`)`;
  return { check: 'node', status: 'failed', message: `Node.js ${version} cannot run Skein`, fix };
}

/** `path` undefined: in memory. */
export async function databaseFinding(path: string | undefined): Promise<Finding> {
  const check = 'database';
  if (path === undefined) return ok(check, 'in memory');
  if (!existsSync(path)) return ok(check, `${path} begins with the first execution`);
  const { openReader } = await import('../../local/index.ts');
  try {
    const { reader, close } = openReader(path);
    try {
      const found = await reader.list({ limit: 1 });
      return ok(check, `${path} can be read${found.length === 0 ? ' and is empty' : ''}`);
    } finally {
      close();
    }
  } catch (error) {
    // It may have gone in this moment; then the next execution begins it anew.
    return error instanceof NotFoundError ? ok(check, `${path} begins with the first execution`) : failed(check, error);
  }
}
