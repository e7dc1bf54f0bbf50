import { PutSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { toEngineError } from './sdk-error.ts';

export interface SecretNoteDeps {
  readonly client: Pick<SecretsManagerClient, 'send'>;
}

/** Leaves a text in a secret of Secrets Manager, for who may read it there. */
export interface SecretNote {
  leave(secretArn: string, text: string): Promise<void>;
}

const refusals: ReadonlySet<string> = new Set(['AccessDeniedException', 'ResourceNotFoundException']);

export function createSecretNote({ client }: SecretNoteDeps): SecretNote {
  return {
    async leave(SecretId, SecretString) {
      try {
        await client.send(new PutSecretValueCommand({ SecretId, SecretString }));
      } catch (error) {
        throw toEngineError(error, { code: 'secret', name: `secret ${SecretId}`, refusals });
      }
    },
  };
}
