import { describe, expect, it } from 'vitest';
import type { IdempotencyStore, StoredAnswer } from '../../core/ports/index.ts';
import { midnight } from '../makers/event-log.ts';
import { aRequest } from '../makers/stored-records.ts';

const answer: StoredAnswer = { status: 202, headers: { location: '/there' }, body: '{"a":"ü"}' };

/** What every IdempotencyStore does. `create` makes an empty one. */
export function idempotencyStoreContract(name: string, create: () => IdempotencyStore): void {
  describe(name, () => {
    it('gives a free key away, and answers who has one that is not', async () => {
      const store = create();

      expect(await store.claim(aRequest())).toBeUndefined();

      expect(await store.claim(aRequest({ id: 'exec_2', digest: 'b' }))).toEqual(aRequest());
      expect(await store.claim(aRequest({ key: 'ann execute 2' }))).toBeUndefined();
    });

    it('lets one of those win who claim at once', async () => {
      const store = create();

      const found = await Promise.all(['exec_1', 'exec_2', 'exec_3'].map((id) => store.claim(aRequest({ id }))));

      const losers = found.filter((it) => it !== undefined);
      expect(losers).toHaveLength(2);
      expect(new Set(losers.map(({ id }) => id)).size).toBe(1);
    });

    it('keeps the answer for who asks again', async () => {
      const store = create();
      await store.claim(aRequest());

      await store.put(aRequest({ answer, expiresAt: midnight + 5_000 }));

      const again = await store.claim(
        aRequest({ id: 'exec_2', claimedAt: midnight + 4_999, expiresAt: midnight + 9_000 }),
      );
      expect(again).toEqual(aRequest({ answer, expiresAt: midnight + 5_000 }));
    });

    it('frees a key at the moment it expires', async () => {
      const store = create();
      const later = (claimedAt: number) => aRequest({ id: 'exec_2', claimedAt, expiresAt: claimedAt + 1_000 });
      await store.claim(aRequest());

      expect(await store.claim(later(midnight + 999))).toEqual(aRequest());
      expect(await store.claim(later(midnight + 1_000))).toBeUndefined();
      expect(await store.claim(aRequest({ claimedAt: midnight + 1_001 }))).toEqual(later(midnight + 1_000));
    });

    it('stores nothing over the request of somebody else, nor where there is none', async () => {
      const store = create();
      await store.put(aRequest({ answer }));
      expect(await store.claim(aRequest())).toBeUndefined();

      await store.put(aRequest({ id: 'exec_2', answer }));

      expect(await store.claim(aRequest({ id: 'exec_3' }))).toEqual(aRequest());
    });
  });
}
