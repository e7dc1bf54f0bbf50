import { execFile } from 'node:child_process';
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as yaml from 'yaml';
import { neededVariables, type FunctionName } from '../../adapters/aws/index.ts';
import { bundleFunction, type BundledFile } from '../../lib/constructs/bundle-function.ts';

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
  SKEIN_ANSWER_QUEUE_URL: 'http://127.0.0.1:1/answers',
  SKEIN_ENDING_QUEUE_URL: 'http://127.0.0.1:1/endings',
  SKEIN_DEAD_LETTER_QUEUES: 'timers=http://127.0.0.1:1/timers-dead',
  SKEIN_BEGIN_ARN: 'arn:aws:lambda:eu-west-1:1:function:begin',
  SKEIN_DISPATCH_ARN: 'arn:aws:lambda:eu-west-1:1:function:dispatch',
  SKEIN_CONCLUDE_ARN: 'arn:aws:lambda:eu-west-1:1:function:conclude',
  SKEIN_COMPILE_ARN: 'arn:aws:lambda:eu-west-1:1:function:compile',
  SKEIN_MACHINE_ROLE_ARN: 'arn:aws:iam::1:role/machines',
  SKEIN_MACHINE_PREFIX: 'skein-',
  SKEIN_HANDLE_SECRET_ARN: 'arn:aws:secretsmanager:eu-west-1:1:secret:handles',
  SKEIN_MODEL: 'a-model',
};

/**
 * Bytes, minified and unpacked: what a cold start parses, and all that is deployed. Why one has more:
 * docs/decisions/2026-11-22-what-a-start-loads.md. What is sent to Lambda, packed, is held by test/lib/functions.test.ts.
 */
const START = 1_048_576;
const WHOLE = 1_500_000;
const larger: Readonly<Record<string, { readonly start: number; readonly whole: number }>> = {
  // It holds the compiler beside the engine, and grows with both and with each route; 1,441 KB today.
  api: { start: 1_450_000, whole: 1_900_000 },
};

const bytesOf = (files: readonly BundledFile[]): number =>
  files.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);

describe('the bundles of the functions', () => {
  let directory = '';
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'skein-bundles-'));
    for (const name of names) {
      for (const { path, text } of bundleFunction(name)) {
        const file = join(directory, name, path);
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, text);
      }
    }
  }, 240_000);
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  /** What a program prints that is run beside a bundle, and has nothing else. */
  const run = async (name: string, program: string, env: Readonly<Record<string, string>> = {}): Promise<string> => {
    const cwd = join(directory, name);
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], {
      env,
      cwd,
    });
    return stdout.trim();
  };
  /** Loads a bundle as Lambda does: the type of its handler, or what its start was refused with. */
  const load =
    'await import("./index.mjs").then((it) => console.log(typeof it.handler), (error) => console.log(error.message));';

  it.each(names)('%s is parsed soon, and starts when it was told everything', async (name) => {
    const files = bundleFunction(name);
    const most = larger[name] ?? { start: START, whole: WHOLE };

    expect(bytesOf(files.filter(({ isStart }) => isStart))).toBeLessThan(most.start);
    expect(bytesOf(files)).toBeLessThan(most.whole);
    expect(await run(name, load, complete)).toBe('function');
  });

  it.each(Object.keys(neededVariables) as FunctionName[])(
    '%s does not start without a variable, and names each that is missing',
    async (name) => {
      const needed = neededVariables[name];

      expect(await run(name, load)).toBe(`${name} cannot start: ${needed.map((it) => `${it} is missing`).join('; ')}.`);
    },
  );

  it('load the checkers of schemas and patterns from beside them, and not before they are asked for', async () => {
    const loaded = 'Object.keys(require("node:module")._cache).filter((path) => path.includes("node_modules")).length';
    const check = `
      ${load}
      import { createRequire } from 'node:module';
      const require = createRequire(process.cwd() + '/index.mjs');
      console.log(${loaded});
      const { RE2JS } = require('re2js');
      const { Ajv2020 } = require('ajv/dist/2020.js');
      const validate = new Ajv2020({ code: { regExp: Object.assign((it) => RE2JS.compile(it), { code: '' }) } }).compile({ pattern: 'a+' });
      console.log(validate('aa'), validate('b'), ${loaded});
    `;

    expect((await run('dispatch-task', check, complete)).split('\n')).toEqual(['function', '0', 'true false 2']);
  });
});

describe('the modern form of yaml, which bundles have', () => {
  it('reads definitions as the form that Node takes does', async () => {
    const modern = (await import(join(root, 'node_modules/yaml/browser/dist/index.js'))) as typeof yaml;
    const texts = globSync('test/golden/**/definition.yaml', { cwd: root }).map((path) =>
      readFileSync(join(root, path), 'utf8'),
    );
    const read = (document: yaml.Document | yaml.Document.Parsed): unknown[] => {
      try {
        return [document.errors.map(String), JSON.stringify(document)];
      } catch (error) {
        // Of an alias that names no anchor.
        return [document.errors.map(String), String(error)];
      }
    };
    const readBy = ({ parseAllDocuments }: typeof yaml) => texts.map((text) => [...parseAllDocuments(text)].map(read));

    expect(texts.length).toBeGreaterThan(50);
    expect(readBy(modern)).toEqual(readBy(yaml));
  });
});
