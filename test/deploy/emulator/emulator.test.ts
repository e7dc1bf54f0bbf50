import { existsSync } from 'node:fs';
import { CreateFunctionCommand, InvokeCommand, waitUntilFunctionActiveV2 } from '@aws-sdk/client-lambda';
import { describe, expect, inject, it } from 'vitest';
import { createLambda } from './aws-clients.ts';
import { installEmulator } from './install.ts';
import { findPrerequisites } from './prerequisites.ts';
import { startEmulator } from './start.ts';
import { zipOf } from './zip.ts';

const isSomebodyElses = inject('emulator') === undefined;

function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe.skipIf(isSomebodyElses)('startEmulator', () => {
  it('starts one that knows nothing of others, and leaves nothing behind when it is stopped', async () => {
    const emulator = await startEmulator(await installEmulator());
    const health = await fetch(`${emulator.endpoint}/_localstack/health`);

    await emulator.stop({ keepLog: false });

    expect(health.ok).toBe(true);
    expect(emulator.endpoint).not.toBe(inject('endpoint'));
    await expect(fetch(emulator.endpoint)).rejects.toThrow();
    expect(processExists(emulator.pid)).toBe(false);
    expect(existsSync(emulator.log)).toBe(false);
  });
});

describe('findPrerequisites', () => {
  it('names everything that is missing, and the way around', async () => {
    const { PATH, JAVA_HOME, HOME, PYTHON } = process.env;
    Object.assign(process.env, { PATH: '/nowhere', JAVA_HOME: '/nowhere', HOME: '/nowhere', PYTHON: '/nowhere' });

    const found = findPrerequisites().finally(() => Object.assign(process.env, { PATH, JAVA_HOME, HOME, PYTHON }));

    await expect(found).rejects.toThrow(/Python ≥ 3\.11[^]*Java ≥ 17[^]*Maven[^]*AWS_ENDPOINT_URL/);
  });
});

describe('Lambda functions in the emulator', () => {
  it('run as Node processes, fail under the name of their error, and end when their time is over', async () => {
    const lambda = createLambda(inject('endpoint'));
    const invoke = await deploy(`export const handler = async ({ how }) => {
      if (how === 'fail') throw Object.assign(new Error('as asked'), { name: 'AsAsked' });
      if (how === 'exit') process.exit(7);
      if (how === 'hang') await new Promise((resolve) => setTimeout(resolve, 60_000));
      return { version: process.version.split('.')[0], region: process.env.AWS_REGION };
    };`);

    const answers = [
      await invoke('work'),
      await invoke('fail'),
      await invoke('exit'),
      await invoke('hang'),
      await invoke('work'),
    ];

    const worked = { version: process.version.split('.')[0], region: 'us-east-1' };
    expect(answers).toEqual([
      worked,
      expect.objectContaining({ errorType: 'AsAsked', errorMessage: 'as asked' }),
      expect.objectContaining({ errorType: 'Runtime.ExitError' }),
      expect.objectContaining({ errorType: 'Sandbox.Timedout' }),
      worked,
    ]);

    async function deploy(source: string): Promise<(how: string) => Promise<unknown>> {
      const FunctionName = 'emulator-test';
      const command = new CreateFunctionCommand({
        FunctionName,
        Runtime: 'nodejs24.x',
        Handler: 'index.handler',
        Role: 'arn:aws:iam::000000000000:role/skein-test',
        Timeout: 1,
        Code: { ZipFile: zipOf('index.mjs', source) },
      });
      await lambda.send(command);
      await waitUntilFunctionActiveV2({ client: lambda, maxWaitTime: 30, minDelay: 1 }, { FunctionName });
      return async (how) => {
        const { Payload } = await lambda.send(new InvokeCommand({ FunctionName, Payload: JSON.stringify({ how }) }));
        return JSON.parse(Payload?.transformToString() ?? 'null') as unknown;
      };
    }
  });
});
