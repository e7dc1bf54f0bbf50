import { describe, expect, it } from 'vitest';
import type { ApiKey, ApiKeyStore } from '../../core/ports/index.ts';
import { midnight } from '../makers/event-log.ts';

const aKey = (id: string, change: Partial<ApiKey> = {}): ApiKey => ({
  id,
  secretDigest: 'a'.repeat(64),
  subject: 'linter',
  scopes: ['agent:work'],
  createdAt: midnight,
  ...change,
});

/** What every ApiKeyStore does. `create` makes an empty one. */
export function apiKeyStoreContract(name: string, create: () => ApiKeyStore): void {
  describe(name, () => {
    it('finds a key by its id', async () => {
      const store = create();
      const limited = aKey('key_2', { expiresAt: midnight + 1, scopes: [] });

      for (const key of [aKey('key_1'), limited]) await store.put(key);

      expect(await store.find('key_1')).toEqual(aKey('key_1'));
      expect(await store.find('key_2')).toEqual(limited);
      expect(await store.find('key_3')).toBeUndefined();
    });

    it('lists by id', async () => {
      const store = create();
      for (const id of ['key_b', 'key_a']) await store.put(aKey(id));

      expect(await store.list()).toEqual([aKey('key_a'), aKey('key_b')]);
    });

    it('forgets a key that is removed, and says whether there was one', async () => {
      const store = create();
      for (const id of ['key_a', 'key_b']) await store.put(aKey(id));

      expect(await store.remove('key_a')).toBe(true);

      expect(await store.remove('key_a')).toBe(false);
      expect(await store.find('key_a')).toBeUndefined();
      expect(await store.list()).toEqual([aKey('key_b')]);
    });
  });
}
