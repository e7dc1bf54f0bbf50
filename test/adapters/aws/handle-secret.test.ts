import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { describe, expect, it } from 'vitest';
import { createHandleSecret } from '../../../adapters/aws/index.ts';
import { awsError, sentCommands } from './sent-commands.ts';

const secretArn = 'arn:aws:secretsmanager:::secret:handles';
const secret = 'a-secret-of-some-thirty-letters';

describe('createHandleSecret', () => {
  it('reads the secret once, however many ask at once', async () => {
    const { client, sent } = sentCommands<SecretsManagerClient>(() => ({ SecretString: secret }));
    const read = createHandleSecret({ client, secretArn });

    expect(await Promise.all([read(), read()])).toEqual([secret, secret]);
    expect(await read()).toBe(secret);
    expect(sent).toEqual([{ name: 'GetSecretValueCommand', input: { SecretId: secretArn } }]);
  });

  it('asks again after a failure', async () => {
    const { client } = sentCommands<SecretsManagerClient>((_input, count) => {
      if (count === 1) throw awsError('InternalServiceError');
      return { SecretString: secret };
    });
    const read = createHandleSecret({ client, secretArn });

    await expect(read()).rejects.toMatchObject({ name: 'UnavailableError', code: 'handle_secret_unavailable' });
    expect(await read()).toBe(secret);
  });

  it.each([undefined, '', 'too-short-to-be-safe'])('does not sign with %j', async (SecretString) => {
    const { client } = sentCommands<SecretsManagerClient>(() => ({ SecretString }));

    await expect(createHandleSecret({ client, secretArn })()).rejects.toMatchObject({ code: 'handle_secret_weak' });
  });

  it('says so when it may not read it', async () => {
    const { client } = sentCommands<SecretsManagerClient>(() => {
      throw awsError('AccessDeniedException');
    });

    await expect(createHandleSecret({ client, secretArn })()).rejects.toMatchObject({ code: 'handle_secret_refused' });
  });
});
