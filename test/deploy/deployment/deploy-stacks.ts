import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runCommand } from '../emulator/run-command.ts';

/** Milliseconds; 20 s and 60 s on two idle cores. */
const BOOTSTRAP_TIMEOUT = 180_000;
const DEPLOY_TIMEOUT = 480_000;
const ACCOUNT = '000000000000';
export const REGION = 'us-east-1';

const checkout = fileURLToPath(new URL('../../../', import.meta.url));
const cdk = join(checkout, 'node_modules/.bin/cdk');

/** The outputs of each stack, by its name. */
export type StackOutputs = Readonly<Record<string, Readonly<Record<string, string>>>>;

export interface DeployOptions {
  readonly endpoint: string;
  /** `-c name=value`. */
  readonly context: Readonly<Record<string, string>>;
}

/** Bootstraps the account behind an endpoint. */
export async function bootstrap(endpoint: string): Promise<void> {
  // In a folder without cdk.json there is no app that would be synthesized.
  await runCommand(cdk, ['bootstrap', `aws://${ACCOUNT}/${REGION}`], {
    timeout: BOOTSTRAP_TIMEOUT,
    cwd: tmpdir(),
    env: environment(endpoint),
  });
}

/** Deploys the stacks of an app, Skein's own unless another is named. */
export async function deployStacks(
  { endpoint, context }: DeployOptions,
  app = 'node bin/skein.ts',
): Promise<StackOutputs> {
  const folder = await mkdtemp(join(tmpdir(), 'skein-cdk-'));
  try {
    const outputs = join(folder, 'outputs.json');
    const settings = Object.entries(context).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const args = ['deploy', '--all', '--require-approval', 'never', '--app', app, '--output', join(folder, 'cdk.out')];
    await runCommand(cdk, [...args, '--outputs-file', outputs, '--ci', '--concurrency', '4', ...settings], {
      timeout: DEPLOY_TIMEOUT,
      cwd: checkout,
      env: environment(endpoint),
    });
    return JSON.parse(await readFile(outputs, 'utf8')) as StackOutputs;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Node comes with the packages; nothing of the caller's AWS account gets in. */
function environment(endpoint: string): NodeJS.ProcessEnv {
  const { PATH = '', HOME } = process.env;
  return {
    HOME,
    PATH: `${join(checkout, 'node_modules/.bin')}:${PATH}`,
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: ACCOUNT,
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: REGION,
    CDK_DEFAULT_ACCOUNT: ACCOUNT,
    CDK_DEFAULT_REGION: REGION,
    CDK_DISABLE_CLI_TELEMETRY: 'true',
  };
}
