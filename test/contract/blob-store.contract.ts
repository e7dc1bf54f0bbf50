import { describe, expect, it } from 'vitest';
import { digestOfText } from '../../core/json/index.ts';
import type { BlobStore } from '../../core/ports/index.ts';

/** What every BlobStore does. `create` makes an empty one. */
export function blobStoreContract(name: string, create: () => BlobStore): void {
  describe(name, () => {
    it.each([
      ['of several kinds', 'plain, naïve, 🧶, "quoted", \\u0000'],
      ['without a character', ''],
      ['with a zero in it', 'before\u0000after'],
      ['of two megabytes', 'é'.repeat(1_000_000)],
    ])('gives back a text %s by the digest that put answered', async (_kind, text) => {
      const store = create();

      const digest = await store.put(text);

      expect(digest).toBe(digestOfText(text));
      expect(await store.get(digest)).toBe(text);
    });

    it('stores a text twice as once', async () => {
      const store = create();

      const digests = await Promise.all([store.put('same'), store.put('same'), store.put('other')]);

      expect(digests[1]).toBe(digests[0]);
      expect(await store.get(digests[0])).toBe('same');
      expect(await store.get(digests[2])).toBe('other');
    });

    it('throws blob_not_found for a digest that was never put', async () => {
      const get = create().get(digestOfText('never'));

      await expect(get).rejects.toMatchObject({ name: 'NotFoundError', code: 'blob_not_found' });
    });
  });
}
