import { buildSync } from 'esbuild';
import { execFile } from 'node:child_process';
import { globSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { neededVariables, type FunctionName } from '../../adapters/aws/index.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const names = globSync('functions/*/handler.ts', { cwd: root }).map((path) => path.split('/')[1] ?? '');

const complete: Readonly<Record<string, string>> = {
  AWS_REGION: 'eu-west-1',
  SKEIN_STAGE: 'test',
  SKEIN_TABLE: 'table',
  SKEIN_BUCKET: 'bucket',
  SKEIN_BUS: 'bus',
  SKEIN_TIMER_QUEUE_URL: 'https://sqs.eu-west-1.amazonaws.com/1/timers',
  SKEIN_MACHINE_QUEUE_URL: 'https://sqs.eu-west-1.amazonaws.com/1/machines.fifo',
  SKEIN_BEGIN_ARN: 'arn:aws:lambda:eu-west-1:1:function:begin',
  SKEIN_DISPATCH_ARN: 'arn:aws:lambda:eu-west-1:1:function:dispatch',
  SKEIN_CONCLUDE_ARN: 'arn:aws:lambda:eu-west-1:1:function:conclude',
  SKEIN_COMPILE_ARN: 'arn:aws:lambda:eu-west-1:1:function:compile',
  SKEIN_MACHINE_ROLE_ARN: 'arn:aws:iam::1:role/machines',
  SKEIN_MACHINE_PREFIX: 'skein-',
  SKEIN_HANDLE_SECRET_ARN: 'arn:aws:secretsmanager:eu-west-1:1:secret:handles',
  SKEIN_MODEL: 'a-model',
};

/** Unpacked, in bytes: a cold start parses all of it. What is sent to Lambda, packed, is held by test/lib. */
const LARGEST = 2_300_000;

describe('the bundles of the functions', () => {
  let directory = '';
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'skein-bundles-'));
    // As lib/constructs/function-code.ts does it, all at once.
    buildSync({
      entryPoints: names.map((name) => join(root, 'functions', name, 'handler.ts')),
      outdir: directory,
      outExtension: { '.js': '.mjs' },
      bundle: true,
      minify: true,
      platform: 'node',
      format: 'esm',
      target: 'node24',
      mainFields: ['module', 'main'],
      banner: {
        js: "import { createRequire as skeinRequire } from 'node:module'; const require = skeinRequire(import.meta.url);",
      },
      logLevel: 'error',
    });
  }, 120_000);
  afterAll(() => rmSync(directory, { recursive: true, force: true }));
  const bundleOf = (name: string): string => join(directory, name, 'handler.mjs');
  /** Loads a bundle as Lambda does: the type of its handler, or what its start was refused with. */
  const load = async (name: string, env: Readonly<Record<string, string>>): Promise<string> => {
    const program = `import(${JSON.stringify(bundleOf(name))}).then((it) => console.log(typeof it.handler), (error) => console.log(error.message))`;
    const { stdout } = await promisify(execFile)(process.execPath, ['-e', program], {
      env,
      cwd: dirname(bundleOf(name)),
    });
    return stdout.trim();
  };

  it.each(names)('%s is parsed soon, and starts when it was told everything', async (name) => {
    expect(statSync(bundleOf(name)).size).toBeLessThan(LARGEST);
    expect(await load(name, complete)).toBe('function');
  });

  it.each(Object.keys(neededVariables) as FunctionName[])(
    '%s does not start without a variable, and names each that is missing',
    async (name) => {
      const needed = neededVariables[name];

      expect(await load(name, {})).toBe(`${name} cannot start: ${needed.map((it) => `${it} is missing`).join('; ')}.`);
    },
  );
});
