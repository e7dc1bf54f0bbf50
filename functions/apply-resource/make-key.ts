import { createHash } from 'node:crypto';
import type { SecretNote, StackAnswer } from '../../adapters/aws/index.ts';
import { writeApiKey } from '../../api/index.ts';
import type { ApiKeyStore, Clock } from '../../core/ports/index.ts';

export interface KeyWorld {
  readonly apiKeys: (tenant: string) => Pick<ApiKeyStore, 'find' | 'put' | 'remove'>;
  readonly note: SecretNote;
  readonly newSecret: () => string;
  readonly clock: Clock;
}

/** A key that a stack asks for, and where it is left for who may read it. */
export interface KeyWish {
  readonly tenant: string;
  /** The same for the same key, however often it is asked for. */
  readonly id: string;
  readonly secretArn: string;
  readonly scopes: readonly string[];
}

/**
 * Makes an API key and leaves its text in a secret; one that is there stays as it is. The text first: until the key follows it
 * opens nothing, and the other way round a crash would leave a key that nobody can ever show.
 */
export async function makeKey(world: KeyWorld, { tenant, id, secretArn, scopes }: KeyWish): Promise<StackAnswer> {
  const keys = world.apiKeys(tenant);
  const answer = { physicalId: `${tenant}/keys/${id}` };
  if (await keys.find(id)) return answer;
  const secret = world.newSecret();
  await world.note.leave(secretArn, writeApiKey({ tenant, id, secret }));
  const secretDigest = createHash('sha256').update(secret).digest('hex');
  await keys.put({ id, secretDigest, subject: 'deployment', scopes, createdAt: world.clock.now() });
  return answer;
}

/** Nobody gets in with it any more. */
export async function removeKey(world: KeyWorld, { tenant, id }: KeyWish): Promise<void> {
  await world.apiKeys(tenant).remove(id);
}
