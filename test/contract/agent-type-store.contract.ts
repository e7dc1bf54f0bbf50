import { describe, expect, it } from 'vitest';
import type { AgentTypeStore, RegisteredAgentType } from '../../core/ports/index.ts';
import { midnight } from '../makers/event-log.ts';

const aType = (name: string, url = 'https://agents.example/call'): RegisteredAgentType => ({
  agentType: { name, runtime: 'http', url, capabilities: ['lint'], output: { type: 'object' } },
  registeredAt: midnight,
  registeredBy: 'ann',
});

/** What every AgentTypeStore does. `create` makes an empty one. */
export function agentTypeStoreContract(name: string, create: () => AgentTypeStore): void {
  describe(name, () => {
    it('finds what was registered last under a name', async () => {
      const store = create();
      await store.put(aType('linter'));

      await store.put(aType('linter', 'https://elsewhere.example'));

      expect(await store.find('linter')).toEqual(aType('linter', 'https://elsewhere.example'));
      expect(await store.find('reviewer')).toBeUndefined();
    });

    it('lists by name', async () => {
      const store = create();
      expect(await store.list()).toEqual([]);

      for (const type of ['linter', 'Archivist', 'reviewer']) await store.put(aType(type));

      expect(await store.list()).toEqual([aType('Archivist'), aType('linter'), aType('reviewer')]);
    });

    it('forgets a type that is removed, and says whether there was one', async () => {
      const store = create();
      await store.put(aType('linter'));
      await store.put(aType('reviewer'));

      expect(await store.remove('linter')).toBe(true);
      expect(await store.find('linter')).toBeUndefined();
      expect(await store.list()).toEqual([aType('reviewer')]);
      expect(await store.remove('linter')).toBe(false);
    });
  });
}
