import { existsSync } from 'node:fs';
import type { PublishedWorkflow } from '../core/ports/index.ts';
import { openReadOnlyStores } from './stores.ts';

/** The workflows of a database, for those who only look. */
export interface PublishedWorkflows {
  /** Without a version, the latest. */
  find(name: string, version?: string): Promise<PublishedWorkflow | undefined>;
  names(): Promise<readonly string[]>;
  close(): void;
}

const nothing: PublishedWorkflows = { find: async () => undefined, names: async () => [], close: () => undefined };

/** A file that does not exist has published nothing. Throws what opening a database throws. */
export function openPublishedWorkflows(database: string): PublishedWorkflows {
  if (!existsSync(database)) return nothing;
  const { definitions, close } = openReadOnlyStores(database);
  return {
    find: (name, version) => (version === undefined ? definitions.findLatest(name) : definitions.find(name, version)),
    names: async () => (await definitions.list()).map(({ name }) => name),
    close,
  };
}
