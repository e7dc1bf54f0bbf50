import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { InvariantError } from '../../core/errors/index.ts';
import { toEngineError } from './sdk-error.ts';

export interface HandleSecretDeps {
  readonly client: Pick<SecretsManagerClient, 'send'>;
  readonly secretArn: string;
}

const refusals: ReadonlySet<string> = new Set([
  'AccessDeniedException',
  'DecryptionFailure',
  'InvalidParameterException',
  'InvalidRequestException',
  'ResourceNotFoundException',
]);

/** Below this many characters a signature could be guessed: 128 bits of letters and digits. */
const SHORTEST = 22;

/** Reads what handles are signed with, once for as long as the function lives; after a failure it asks again. */
export function createHandleSecret({ client, secretArn }: HandleSecretDeps): () => Promise<string> {
  let secret: Promise<string> | undefined;
  const read = async (): Promise<string> => {
    try {
      const { SecretString = '' } = await client.send(new GetSecretValueCommand({ SecretId: secretArn }));
      if (SecretString.length >= SHORTEST) return SecretString;
    } catch (error) {
      throw toEngineError(error, { code: 'handle_secret', name: `secret ${secretArn}`, refusals });
    }
    throw new InvariantError({
      code: 'handle_secret_weak',
      message: `Secret ${secretArn} has fewer than ${SHORTEST} characters.`,
    });
  };
  return () =>
    (secret ??= read().catch((error: unknown) => {
      secret = undefined;
      throw error;
    }));
}
