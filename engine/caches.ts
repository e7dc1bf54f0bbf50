import { controlPlace, type ControlRecord } from '../core/execution/index.ts';
import type { LedgerWrite } from '../core/ports/index.ts';
import { decideCache, findInCache, uselessFrom, type CacheEntry } from '../core/resilience/index.ts';
import type { EngineDeps } from './engine-context.ts';
import { cacheOf, CACHES, controlOf } from './gates/index.ts';
import { AGAIN, untilCommitted } from './until-committed.ts';

type Sources = Pick<EngineDeps, 'ledger' | 'clock'>;

/** Answers that are kept for the tasks of a workflow, whatever its version. */
export interface WorkflowCache {
  readonly workflow: string;
  /** How many, by task, sorted. Tasks without any are not named. */
  readonly answers: Readonly<Record<string, number>>;
}

/** Caches of workflows that have ever asked for an answer, by name. */
export async function listCaches({ ledger, clock }: Sources): Promise<readonly WorkflowCache[]> {
  const known = await ledger.listControls(CACHES);
  return Promise.all(
    known.map(async ({ key }) => {
      const workflow = controlPlace(key).name;
      const records = await ledger.listControls(cacheOf(workflow));
      // Whoever writes into this folder writes entries.
      const entries = records.map(({ value }) => value as CacheEntry);
      const good = entries.filter((entry) => findInCache(entry, clock.now()).kind === 'hit').map(({ task }) => task);
      const byTask = Map.groupBy(good.toSorted(), (task) => task);
      return { workflow, answers: Object.fromEntries([...byTask].map(([task, all]) => [task, all.length])) };
    }),
  );
}

/** What is not to be answered from the cache any more. */
export interface CacheClearing {
  readonly workflow: string;
  /** Only of this task; absent: of all of the workflow's. */
  readonly task?: string;
  readonly by: string;
}

/** Entries of one commit, which has at most 100 writes. */
const MOST_AT_ONCE = 50;

/**
 * Takes answers out of the cache, because somebody says that they are not good any more; a call that is being made goes on, and its answer is kept.
 * Answers how many. Told on the coordination bus: it belongs to no execution. Nobody waits for what was answered, so nobody is woken.
 */
export async function clearCache(sources: Sources, clearing: CacheClearing): Promise<number> {
  const { workflow, task } = clearing;
  const records = await sources.ledger.listControls(cacheOf(workflow));
  // Whoever writes into this folder writes entries.
  const meant = records.filter(({ value }) => task === undefined || (value as CacheEntry).task === task);
  const keys = meant.filter(({ value }) => isKept(value as CacheEntry)).map(({ key }) => key);
  let cleared = 0;
  for (let at = 0; at < keys.length; at += MOST_AT_ONCE) {
    cleared += await clearSome(sources, clearing, keys.slice(at, at + MOST_AT_ONCE));
  }
  return cleared;
}

/** Each of them under the condition that it is as it was seen: a call that began meanwhile is not taken from whoever makes it. */
async function clearSome(
  { ledger, clock }: Sources,
  { workflow, task, by }: CacheClearing,
  keys: readonly string[],
): Promise<number> {
  return untilCommitted(`Clearing of the cache of ${workflow}`, async () => {
    const now = clock.now();
    const records = (await Promise.all(keys.map((key) => ledger.findControl(key)))).filter((it) => it !== undefined);
    const kept = records.filter(({ value }) => isKept(value as CacheEntry));
    const [first] = kept;
    if (!first) return 0;
    const time = { id: `${first.key}/${first.revision}`, type: 'cache.cleared', source: by, time: now };
    const data = { inline: { workflow, ...(task !== undefined && { task }), answers: kept.length } };
    const writes = kept.map((record) => clearedWrite(record, now));
    const told = { kind: 'bus_event', event: { ...time, data } } as const;
    return (await ledger.commit([...writes, told])) === 'committed' ? kept.length : AGAIN;
  });
}

function isKept({ status }: CacheEntry): boolean {
  return status === 'stored';
}

function clearedWrite(record: ControlRecord, now: number): LedgerWrite {
  const entry = decideCache(record.value as CacheEntry, { kind: 'cleared' }, now);
  return controlOf<CacheEntry>(record.key, record).put(entry, uselessFrom(entry));
}
