import type { LambdaClient } from '@aws-sdk/client-lambda';
import { describe, expect, it } from 'vitest';
import { createRemoteCompiler } from '../../../adapters/aws/index.ts';

const made = { tenant: 'acme', workflow: 'letter', version: '1.0', machineArn: 'arn:machine', started: 0 };
const order = { tenant: 'acme', definition: 'workflow: …' };

function compilerThat(answers: object) {
  const sent: { FunctionName?: string; Payload?: Uint8Array }[] = [];
  const send = async ({ input }: { input: (typeof sent)[number] }) => {
    sent.push(input);
    return answers;
  };
  // One of the client's many overloads is all that is called.
  const client = { send } as unknown as Pick<LambdaClient, 'send'>;
  return { compiler: createRemoteCompiler({ client, functionArn: 'arn:compile' }), sent };
}

const payload = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));

describe('createRemoteCompiler', () => {
  it('hands the definition on and answers with the version that can run', async () => {
    const { compiler, sent } = compilerThat({ Payload: payload(made) });

    const version = await compiler.publish(order);

    expect(version).toEqual({ workflow: 'letter', version: '1.0', machineArn: 'arn:machine' });
    expect(sent.map(({ FunctionName, Payload }) => [FunctionName, Buffer.from(Payload!).toString()])).toEqual([
      ['arn:compile', JSON.stringify(order)],
    ]);
  });

  it('repeats what the compiler found wrong', async () => {
    const { compiler } = compilerThat({
      FunctionError: 'Unhandled',
      Payload: payload({ errorType: 'InvalidRequestError', errorMessage: 'error TASK001' }),
    });

    await expect(compiler.publish(order)).rejects.toMatchObject({ code: 'not_published', message: 'error TASK001' });
  });

  it('takes an answer without a version for a bug', async () => {
    const { compiler } = compilerThat({ Payload: payload({ workflow: 'letter' }) });

    await expect(compiler.publish(order)).rejects.toMatchObject({ code: 'compiler_answer' });
  });
});
