import type { PublishedLookup as Lookup } from '../compiler/index.ts';
import type { PublishedWorkflows } from '../local/index.ts';

export interface PublishedLookup extends Lookup {
  close(): void;
}

/** Opens the database when it is first asked: most workflows start no others. Absent: in memory, so nothing is published. */
export function lookUpPublished(database: string | undefined): PublishedLookup {
  let opened: PublishedWorkflows | undefined;
  const open = async (): Promise<PublishedWorkflows | undefined> => {
    if (opened || database === undefined) return opened;
    const { openPublishedWorkflows } = await import('../local/index.ts');
    return (opened ??= openPublishedWorkflows(database));
  };
  return {
    find: async (name, version) => (await open())?.find(name, version),
    names: async () => (await open())?.names() ?? [],
    close: () => opened?.close(),
  };
}
