import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { stages } from '../../cli/commands/deploy.ts';
import type { ProgramCall } from '../../cli/surroundings.ts';
import { stageNames } from '../../lib/index.ts';
import { openShell, type ShellOptions } from '../makers/shell.ts';

const account = { AWS_ACCESS_KEY_ID: 'AKIA', AWS_REGION: 'eu-central-1' };
const url = 'https://x.execute-api.eu-central-1.amazonaws.com/dev';

/** A shell whose CDK writes these outputs, and ends with this code. */
function openWithCdk({
  code = 0,
  outputs = { SkeinDevApi: { Url: `${url}/` } },
  ...options
}: ShellOptions & { code?: number; outputs?: object } = {}) {
  const calls: ProgramCall[] = [];
  const shell = openShell({
    environment: account,
    ...options,
    process: {
      async runProgram(call) {
        calls.push(call);
        call.onLine?.('SkeinDevApi: creating…');
        const file = call.args[call.args.indexOf('--outputs-file') + 1];
        if (call.args.includes('--outputs-file') && file !== undefined) writeFileSync(file, JSON.stringify(outputs));
        return { code, out: '' };
      },
    },
  });
  const cdk = () =>
    calls.map(({ args }) =>
      args
        .slice(1)
        .filter((arg) => !arg.endsWith('outputs.json'))
        .join(' '),
    );
  return { shell, calls, cdk, [Symbol.dispose]: () => shell[Symbol.dispose]() };
}

describe('skein deploy', () => {
  it('deploys a stage by the CDK of the checkout, and says how to go on', async () => {
    using at = openWithCdk();

    const { exitCode, out, err } = await at.shell.skein('deploy', '--stage', 'prod', '--yes');

    expect(exitCode).toBe(0);
    expect(at.cdk()).toEqual([
      'deploy -c stage=prod -c region=eu-central-1 --all --outputs-file --require-approval never',
    ]);
    expect(at.calls[0]?.args[0]).toMatch(/node_modules\/aws-cdk\/bin\/cdk$/);
    expect(at.calls[0]?.directory).toMatch(/\/$/);
    expect(out).toMatch(
      /^deployed prod in \d+ s\n\nnext\n {2}skein profile add prod --url https:\S+\/dev --token-env SKEIN_TOKEN\n$/,
    );
    expect(err).toBe('SkeinDevApi: creating…\n');
  });

  it('prepares the account before, when it is told to', async () => {
    using at = openWithCdk();

    await at.shell.skein('deploy', '--bootstrap', '--yes', '--region', 'us-east-1');

    expect(at.cdk()).toEqual([
      'bootstrap -c stage=dev -c region=us-east-1',
      'deploy -c stage=dev -c region=us-east-1 --all --outputs-file --require-approval never',
    ]);
  });

  it('passes on what it does not know', async () => {
    using at = openWithCdk();

    await at.shell.skein('deploy', '--yes', '--hotswap', '-c', 'emulator=true', '--concurrency=4');

    expect(at.cdk()[0]).toMatch(/ --require-approval never --hotswap -c emulator=true --concurrency=4$/);
  });

  it('lets the CDK ask at a terminal', async () => {
    using at = openWithCdk({ isTerminal: true });

    await at.shell.skein('deploy');

    expect(at.calls[0]).toMatchObject({ takesTerminal: true });
    expect(at.cdk()[0]).toContain('--require-approval broadening');
  });

  it('prints what programs read with --json', async () => {
    using at = openWithCdk();

    const { out } = await at.shell.skein('deploy', '--yes', '--json');

    expect(JSON.parse(out)).toEqual({
      stage: 'dev',
      region: 'eu-central-1',
      url,
      outputs: { SkeinDevApi: { Url: `${url}/` } },
    });
  });

  it.each<[string, readonly string[], Record<string, string>, string]>([
    ['credentials', ['--yes'], {}, 'credentials_missing'],
    ['a region', ['--yes'], { AWS_ACCESS_KEY_ID: 'AKIA' }, 'region_missing'],
    ['anybody to ask', [], account, 'approval_needed'],
    ['a stage that there is', ['--stage', 'test'], account, 'invalid_argument'],
  ])('does not begin without %s', async (_what, args, environment, code) => {
    using at = openWithCdk({ environment });

    const { exitCode, err } = await at.shell.skein('deploy', ...args);

    expect(exitCode).toBe(2);
    expect(err).toContain(`error ${code}:`);
    expect(at.calls).toEqual([]);
  });

  it('says when the CDK has failed', async () => {
    using at = openWithCdk({ code: 1 });

    const { exitCode, err } = await at.shell.skein('deploy', '--yes');

    expect(exitCode).toBe(2);
    expect(err).toContain('error deploy_failed: `cdk deploy` ended with 1');
  });

  it('knows the stages of the CDK app', () => {
    expect(stages).toEqual(stageNames);
  });
});
