import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const door = new URL('../../local/index.ts', import.meta.url).href;

/** Prints the URL of every module that the door loads. */
const script = `
  import { registerHooks } from 'node:module';
  const urls = [];
  registerHooks({ resolve(specifier, context, next) {
    const resolved = next(specifier, context);
    urls.push(resolved.url);
    return resolved;
  } });
  await import(${JSON.stringify(door)});
  console.log(JSON.stringify(urls));
`;

describe('the door of local/', () => {
  it('loads no server before one is asked for: a short run would wait for it', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script]);

    const urls = JSON.parse(stdout) as string[];
    expect(urls).toContain(door);
    expect(urls.filter((url) => /\/api\/|node_modules\/(hono|jose|@hono)\//.test(url))).toEqual([]);
  });
});
