import { describe, expect, it } from 'vitest';
import type { Plan } from '../../core/plan/index.ts';
import type { DefinitionStore, PublishedWorkflow } from '../../core/ports/index.ts';
import { midnight } from '../makers/event-log.ts';

// A casting boundary: stores keep plans and never look into them, so this one need not come from the planner.
const plan = { tasks: [], edges: [], grace: 30 } as unknown as Plan;

const aWorkflow = (change: Partial<PublishedWorkflow> = {}): PublishedWorkflow => ({
  name: 'review',
  version: '1.0.0',
  digest: 'a'.repeat(64),
  plan,
  machine: { StartAt: 'begin', States: {} },
  agentTypes: { linter: { name: 'linter', runtime: 'local', capabilities: [], module: '/agents/linter.ts' } },
  publishedAt: midnight,
  ...change,
});

/** What every DefinitionStore does. `create` makes an empty one. */
export function definitionStoreContract(name: string, create: () => DefinitionStore): void {
  describe(name, () => {
    it('finds what was published, by name and version', async () => {
      const store = create();
      const [first, second] = [aWorkflow(), aWorkflow({ version: '1.0.1', digest: 'b' })];
      const another = aWorkflow({ name: 'deploy', digest: 'c' });

      for (const workflow of [first, second, another]) await store.publish(workflow);

      expect(await store.find('review', '1.0.0')).toEqual(first);
      expect(await store.find('review', '1.0.1')).toEqual(second);
      expect(await store.find('deploy', '1.0.0')).toEqual(another);
    });

    it('keeps the machines of parts', async () => {
      const store = create();
      const workflow = aWorkflow({ parts: [{ StartAt: 'enter', States: {} }] });

      await store.publish(workflow);

      expect(await store.find('review', '1.0.0')).toEqual(workflow);
    });

    it('finds nothing under a name or version that was not published', async () => {
      const store = create();
      await store.publish(aWorkflow());

      expect(await store.find('review', '2.0.0')).toBeUndefined();
      expect(await store.find('deploy', '1.0.0')).toBeUndefined();
    });

    it('keeps the first when the same content is published again', async () => {
      const store = create();
      await store.publish(aWorkflow());

      await store.publish(aWorkflow({ publishedAt: midnight + 1 }));

      expect(await store.find('review', '1.0.0')).toEqual(aWorkflow());
    });

    it('throws version_exists for other content, and keeps the first', async () => {
      const store = create();
      await store.publish(aWorkflow());

      const again = store.publish(aWorkflow({ digest: 'b'.repeat(64) }));

      await expect(again).rejects.toMatchObject({ name: 'ConflictError', code: 'version_exists' });
      expect(await store.find('review', '1.0.0')).toEqual(aWorkflow());
    });

    it('finds what was published last, whatever its version, and no draft', async () => {
      const store = create();
      const [newest, older] = [aWorkflow({ version: '1.9', publishedAt: midnight + 2 }), aWorkflow({ version: '2.0' })];
      const draft = aWorkflow({ version: '1.9+b', digest: 'b', publishedAt: midnight + 3, isDraft: true });
      const another = aWorkflow({ name: 'deploy', publishedAt: midnight + 4 });

      for (const workflow of [newest, older, draft, another]) await store.publish(workflow);

      expect(await store.findLatest('review')).toEqual(newest);
      expect(await store.findLatest('deploy')).toEqual(another);
      expect(await store.findLatest('audit')).toBeUndefined();
      expect(await store.find('review', '1.9+b')).toEqual(draft);
    });

    it('takes the greater version for the later one of two published at the same moment', async () => {
      const store = create();
      for (const version of ['1', '3', '2']) await store.publish(aWorkflow({ version }));

      expect(await store.findLatest('review')).toMatchObject({ version: '3' });
    });

    it('lists versions by name, then oldest first, without drafts', async () => {
      const store = create();
      const versions = [
        aWorkflow({ version: '2', publishedAt: midnight + 1 }),
        aWorkflow({ version: '10', publishedAt: midnight + 0.5 }),
        aWorkflow({ version: '2+c', digest: 'c', isDraft: true }),
        aWorkflow({ name: 'deploy', publishedAt: midnight + 5 }),
        aWorkflow({ name: 'Zoo' }),
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

    it('lets one of two publishers at once win', async () => {
      const store = create();

      const results = await Promise.allSettled([
        store.publish(aWorkflow()),
        store.publish(aWorkflow({ digest: 'b' })),
        store.publish(aWorkflow()),
      ]);

      expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    });
  });
}
