import { describe, expect, it } from 'vitest';
import type { DefinitionStore } from '../../core/ports/index.ts';
import { midnight } from '../makers/event-log.ts';
import { aPublishedWorkflow } from '../makers/stored-records.ts';

/** What every DefinitionStore does. `create` makes an empty one. */
export function definitionStoreContract(name: string, create: () => DefinitionStore): void {
  describe(name, () => {
    it('finds what was published, by name and version', async () => {
      const store = create();
      const [first, second] = [aPublishedWorkflow(), aPublishedWorkflow({ version: '1.0.1', digest: 'b' })];
      const another = aPublishedWorkflow({ name: 'deploy', digest: 'c' });

      for (const workflow of [first, second, another]) await store.publish(workflow);

      expect(await store.find('review', '1.0.0')).toEqual(first);
      expect(await store.find('review', '1.0.1')).toEqual(second);
      expect(await store.find('deploy', '1.0.0')).toEqual(another);
    });

    it('keeps the machines of parts', async () => {
      const store = create();
      const workflow = aPublishedWorkflow({ parts: [{ StartAt: 'enter', States: {} }] });

      await store.publish(workflow);

      expect(await store.find('review', '1.0.0')).toEqual(workflow);
    });

    it('finds nothing under a name or version that was not published', async () => {
      const store = create();
      await store.publish(aPublishedWorkflow());

      expect(await store.find('review', '2.0.0')).toBeUndefined();
      expect(await store.find('deploy', '1.0.0')).toBeUndefined();
    });

    it('keeps the first when the same content is published again', async () => {
      const store = create();
      await store.publish(aPublishedWorkflow());

      await store.publish(aPublishedWorkflow({ publishedAt: midnight + 1 }));

      expect(await store.find('review', '1.0.0')).toEqual(aPublishedWorkflow());
    });

    it('throws version_exists for other content, and keeps the first', async () => {
      const store = create();
      await store.publish(aPublishedWorkflow());

      const again = store.publish(aPublishedWorkflow({ digest: 'b'.repeat(64) }));

      await expect(again).rejects.toMatchObject({ name: 'ConflictError', code: 'version_exists' });
      expect(await store.find('review', '1.0.0')).toEqual(aPublishedWorkflow());
    });

    it('finds what was published last, whatever its version, and no draft', async () => {
      const store = create();
      const [newest, older] = [
        aPublishedWorkflow({ version: '1.9', publishedAt: midnight + 2 }),
        aPublishedWorkflow({ version: '2.0' }),
      ];
      const draft = aPublishedWorkflow({ version: '1.9+b', digest: 'b', publishedAt: midnight + 3, isDraft: true });
      const another = aPublishedWorkflow({ name: 'deploy', publishedAt: midnight + 4 });

      for (const workflow of [newest, older, draft, another]) await store.publish(workflow);

      expect(await store.findLatest('review')).toEqual(newest);
      expect(await store.findLatest('deploy')).toEqual(another);
      expect(await store.findLatest('audit')).toBeUndefined();
      expect(await store.find('review', '1.9+b')).toEqual(draft);
    });

    it('takes the greater version for the later one of two published at the same moment', async () => {
      const store = create();
      for (const version of ['1', '3', '2']) await store.publish(aPublishedWorkflow({ version }));

      expect(await store.findLatest('review')).toMatchObject({ version: '3' });
    });

    it('lists versions by name, then oldest first, without drafts', async () => {
      const store = create();
      const versions = [
        aPublishedWorkflow({ version: '2', publishedAt: midnight + 1 }),
        aPublishedWorkflow({ version: '10', publishedAt: midnight + 0.5 }),
        aPublishedWorkflow({ version: '2+c', digest: 'c', isDraft: true }),
        aPublishedWorkflow({ name: 'deploy', publishedAt: midnight + 5 }),
        aPublishedWorkflow({ name: 'Zoo' }),
      ];
      expect(await store.list()).toEqual([]);

      for (const workflow of versions) await store.publish(workflow);

      const digest = 'a'.repeat(64);
      expect(await store.list()).toEqual([
        { name: 'Zoo', version: '1.0.0', digest, publishedAt: midnight },
        { name: 'deploy', version: '1.0.0', digest, publishedAt: midnight + 5 },
        { name: 'review', version: '10', digest, publishedAt: midnight + 0.5 },
        { name: 'review', version: '2', digest, publishedAt: midnight + 1 },
      ]);
    });

    it('lets one of two publishers at once win, and who publishes the same as the winner', async () => {
      const store = create();
      const digests = ['a', 'b', 'a'];

      const results = await Promise.allSettled(digests.map((digest) => store.publish(aPublishedWorkflow({ digest }))));

      const winner = (await store.find('review', '1.0.0'))?.digest;
      expect(digests).toContain(winner);
      const expected = digests.map((digest) => (digest === winner ? 'fulfilled' : 'rejected'));
      expect(results.map(({ status }) => status)).toEqual(expected);
    });
  });
}
