import type { DefinitionStore, PublishedWorkflow } from '../../core/ports/index.ts';
import { versionExists } from './version-exists.ts';

export function createMemoryDefinitionStore(): DefinitionStore {
  const published = new Map<string, PublishedWorkflow>();
  const keyOf = (name: string, version: string): string => `${name}\n${version}`;
  return {
    publish: async (workflow) => {
      const key = keyOf(workflow.name, workflow.version);
      const stored = published.get(key);
      if (stored && stored.digest !== workflow.digest) throw versionExists(workflow);
      if (!stored) published.set(key, workflow);
    },
    find: async (name, version) => published.get(keyOf(name, version)),
  };
}
