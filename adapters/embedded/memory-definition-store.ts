import type { DefinitionStore, PublishedWorkflow } from '../../core/ports/index.ts';
import { versionExists } from './version-exists.ts';

export function createMemoryDefinitionStore(): DefinitionStore {
  const published = new Map<string, PublishedWorkflow>();
  const keyOf = (name: string, version: string): string => `${name}\n${version}`;
  const inOrder = (): PublishedWorkflow[] =>
    [...published.values()].filter(({ isDraft }) => !isDraft).sort(byNameThenAge);
  return {
    publish: async (workflow) => {
      const key = keyOf(workflow.name, workflow.version);
      const stored = published.get(key);
      if (stored && stored.digest !== workflow.digest) throw versionExists(workflow);
      if (!stored) published.set(key, workflow);
    },
    find: async (name, version) => published.get(keyOf(name, version)),
    findLatest: async (name) => inOrder().findLast((workflow) => workflow.name === name),
    list: async () =>
      inOrder().map(({ name, version, digest, publishedAt }) => ({ name, version, digest, publishedAt })),
  };
}

function byNameThenAge(a: PublishedWorkflow, b: PublishedWorkflow): number {
  return compareTexts(a.name, b.name) || a.publishedAt - b.publishedAt || compareTexts(a.version, b.version);
}

/** By code units: names and versions of one database must not change their order with the machine's language. */
function compareTexts(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
