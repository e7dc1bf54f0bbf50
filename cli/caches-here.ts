import type { Command } from 'commander';
import { databasePath, lookInto, requireDatabase } from './open-database.ts';
import { withWayTo } from './owned-database.ts';
import { personOf } from './person.ts';
import type { ClearedCache, ListedCache } from './remote/caches.ts';
import type { Surroundings } from './surroundings.ts';

/** Caches of the command's database, also while another process runs executions in it. */
export async function listCachesHere(command: Command, surroundings: Surroundings): Promise<readonly ListedCache[]> {
  const caches = await lookInto(command, surroundings, (reader) => reader.caches(surroundings.now()));
  return caches.map(({ workflow, answers }) => ({ workflow_id: workflow, answers: { ...answers } }));
}

/** Clears one in the command's database: whoever can write it may. */
export async function clearCacheHere(
  command: Command,
  surroundings: Surroundings,
  { workflow, task }: { readonly workflow: string; readonly task: string | undefined },
): Promise<ClearedCache> {
  requireDatabase(command, surroundings);
  const { clearCache } = await import('../local/index.ts');
  const only = task === undefined ? {} : { task };
  const clearing = { workflow, ...only, by: personOf(surroundings) };
  const cleared = await clearCache(databasePath(command, surroundings), clearing).catch(withWayTo('try again'));
  return { workflow_id: workflow, ...only, cleared };
}
