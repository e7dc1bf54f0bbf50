import { existsSync } from 'node:fs';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import { describe, expect, inject, it } from 'vitest';
import { clientConfig, createLambda } from './aws-clients.ts';
import { createFunction } from './create-function.ts';
import { installEmulator } from './install.ts';
import { findPrerequisites } from './prerequisites.ts';
import { descendantsOf, processExists } from './processes.ts';
import { startEmulator } from './start.ts';

const isSomebodyElses = inject('emulator') === undefined;
/** Of the whole, with an emulator of its own on a machine that does much else. */
const TIMEOUT = 180_000;

describe.skipIf(isSomebodyElses)('startEmulator', () => {
  it(
    'starts one that knows nothing of others, and leaves nothing behind when it is stopped',
    async () => {
      const emulator = await startEmulator(await installEmulator());
      const health = await fetch(`${emulator.endpoint}/_localstack/health`);

      await emulator.stop({ keepLog: false });

      expect(health.ok).toBe(true);
      expect(emulator.endpoint).not.toBe(inject('endpoint'));
      await expect(fetch(emulator.endpoint)).rejects.toThrow();
      expect(processExists(emulator.pid)).toBe(false);
      expect(existsSync(emulator.log)).toBe(false);
    },
    TIMEOUT,
  );

  it.skipIf(process.platform !== 'linux')(
    'ends database and functions with it, also those of a LocalStack that was killed',
    async () => {
      const emulator = await startEmulator(await installEmulator());
      await new DynamoDBClient(clientConfig(emulator.endpoint)).send(new ListTablesCommand({}));
      const lambda = createLambda(emulator.endpoint);
      const source = 'export const handler = () => new Promise((resolve) => setTimeout(resolve, 60_000));';
      const FunctionName = await createFunction(lambda, { name: 'endless', source, timeout: 60 });
      await lambda.send(new InvokeCommand({ FunctionName, InvocationType: 'Event' }));
      await expect.poll(() => descendantsOf(emulator.pid).length, { timeout: 60_000 }).toBeGreaterThanOrEqual(3);
      const [localstack = 0, ...others] = descendantsOf(emulator.pid);

      process.kill(localstack, 'SIGKILL');
      await emulator.stop({ keepLog: false });

      expect([localstack, ...others].filter(processExists)).toEqual([]);
    },
    TIMEOUT,
  );
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
    const source = `export const handler = async ({ how }) => {
      if (how === 'fail') throw Object.assign(new Error('as asked'), { name: 'AsAsked' });
      if (how === 'exit') process.exit(7);
      if (how === 'hang') await new Promise((resolve) => setTimeout(resolve, 60_000));
      return { version: process.version.split('.')[0], region: process.env.AWS_REGION };
    };`;
    const name = `emulator-test-${Date.now().toString(36)}`;
    const FunctionName = await createFunction(lambda, { name, source, timeout: 1 });
    const invoke = async (how: string): Promise<unknown> => {
      const { Payload } = await lambda.send(new InvokeCommand({ FunctionName, Payload: JSON.stringify({ how }) }));
      return JSON.parse(Payload?.transformToString() ?? 'null');
    };

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
  });
});
