import { execFile } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { App } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import { neededVariables } from '../../adapters/aws/index.ts';
import { createStacks, stageOf } from '../../lib/index.ts';
import { place } from '../makers/resolve-template.ts';
import { synthesize } from '../makers/synthesized.ts';

const stage = synthesize('prod', { env: place });
const functions = Object.values(stage.stacks)
  .flatMap((resources) => Object.values(resources))
  .filter(({ Type, Properties }) => Type === 'AWS::Lambda::Function' && Properties?.['FunctionName'] !== undefined)
  .map(({ Properties = {} }) => ({ name: String(Properties['FunctionName']).replace('skein-prod-', ''), Properties }));

describe('the functions', () => {
  it('are those that say what they need', () => {
    expect(functions.map(({ name }) => name).sort()).toEqual(Object.keys(neededVariables).sort());
  });

  it.each(Object.entries(neededVariables))('%s is told all that it needs to start', (name, needed) => {
    const { Environment } = functions.find((fn) => fn.name === name)?.Properties ?? {};

    const told = (Environment as { Variables: object } | undefined)?.Variables ?? {};

    // Lambda itself tells the region.
    expect(Object.keys(told)).toEqual(expect.arrayContaining(needed.filter((variable) => variable !== 'AWS_REGION')));
  });

  it('are traced, log JSON for a month, and run on the newest Node for 64-bit Arm', () => {
    const logs = Object.values(stage.stacks).flatMap((resources) =>
      Object.values(resources).filter(({ Type }) => Type === 'AWS::Logs::LogGroup'),
    );

    expect(functions.map(({ Properties }) => Properties)).toEqual(
      functions.map(
        () =>
          expect.objectContaining({
            Runtime: 'nodejs24.x',
            Architectures: ['arm64'],
            TracingConfig: { Mode: 'Active' },
            LoggingConfig: expect.objectContaining({ LogFormat: 'JSON' }) as object,
          }) as object,
      ),
    );
    expect(logs.map(({ Properties }) => Properties?.['RetentionInDays'])).toEqual(logs.map(() => 30));
  });

  it('have queues that wait six times as long as they may take', () => {
    const events = Object.values(stage.stacks['Events'] ?? {});
    const visibility = (name: string): unknown =>
      events.find(({ Properties }) => Properties?.['QueueName'] === `skein-prod-${name}`)?.Properties?.[
        'VisibilityTimeout'
      ];
    const timeout = (name: string): number => Number(functions.find((fn) => fn.name === name)?.Properties['Timeout']);

    expect(visibility('timers')).toBe(6 * timeout('fire-timer'));
    expect(visibility('answers')).toBe(6 * timeout('settle-task'));
    expect(visibility('machines.fifo')).toBe(6 * timeout('compile-workflow'));
    expect(visibility('endings')).toBe(6 * timeout('sweep'));
  });
});

/** What a zip may have, in bytes. What a start parses of it is held by test/lib/bundles.test.ts. */
const LARGEST = 1_000_000;

describe('the code of the functions', () => {
  const app = new App();
  createStacks(app, stageOf('dev'));
  const bundles = globSync('asset.*/index.mjs', { cwd: app.synth().directory }).map((path) => `${app.outdir}/${path}`);

  it('is a bundle for each, none twice', () => {
    expect(bundles).toHaveLength(functions.length);
  });

  it('is small', () => {
    const packed = (folder: string): number =>
      globSync('**/*.*js', { cwd: folder })
        .map((path) => gzipSync(readFileSync(join(folder, path))).byteLength)
        .reduce((sum, bytes) => sum + bytes, 0);

    const sizes = bundles.map((path) => packed(dirname(path)));

    expect(sizes.filter((size) => size > LARGEST)).toEqual([]);
  });

  it('loads as it is, and stops the start with the names of what it was not told', async () => {
    const starts = await Promise.all(
      bundles.map(async (path) => {
        // Nothing of this process gets in: no variable, no module beside the bundle.
        const started = promisify(execFile)(process.execPath, [path], { cwd: app.outdir, env: {} });
        return await started.then(
          () => 'started',
          (error: unknown) => /(\S+) cannot start: .*SKEIN_TABLE is missing/.exec(String(error))?.[1],
        );
      }),
    );

    expect(starts.sort()).toEqual(Object.keys(neededVariables).sort());
  });
});
