import type { Json } from '../json/index.ts';

/** How a task uses the cache. */
export interface CacheSettings {
  /** Seconds that an answer is good; null: for ever. */
  readonly ttl: number | null;
  /** What equal calls have in common: text with `${ … }`; absent: agent type and input. */
  readonly key?: string;
}

/** The attempt that makes the call for all that have its key. */
export type CacheCaller = {
  readonly execution: string;
  readonly path: string;
  readonly attempt: number;
};

/** An answer as the ledger keeps values: itself when small, else named by its digest. */
export type CachedOutput = { readonly inline: Json } | { readonly blob: string; readonly bytes: number };

/** Times are epoch milliseconds. */
type CacheContents =
  | { readonly status: 'free'; readonly since: number }
  /** `until`: whoever has not answered by then is lost, and another one may call. */
  | { readonly status: 'running'; readonly caller: CacheCaller; readonly since: number; readonly until: number }
  /** `until`: the answer is good before that; null: for ever. */
  | {
      readonly status: 'stored';
      readonly output: CachedOutput;
      readonly by: CacheCaller;
      readonly at: number;
      readonly until: number | null;
    };

/** What is recorded of one key: JSON. `task`: whose calls have it. */
export type CacheEntry = { readonly task: string } & CacheContents;

/** What an attempt remembers of the key that it calls for. */
export interface CacheHold {
  /** Of the control record. */
  readonly key: string;
}

export type CacheNews =
  | { readonly kind: 'called'; readonly caller: CacheCaller; readonly deadline: number }
  | {
      readonly kind: 'succeeded';
      readonly caller: CacheCaller;
      readonly output: CachedOutput;
      readonly ttl: number | null;
    }
  /** The call failed, was never made, or nobody waits for its answer any more. */
  | { readonly kind: 'given_back'; readonly caller: CacheCaller }
  /** Somebody says that the answer is not good any more. A call that is being made goes on. */
  | { readonly kind: 'cleared' };

/** What somebody who wants to make the call finds. */
export type CacheFinding =
  | { readonly kind: 'hit'; readonly entry: Extract<CacheEntry, { status: 'stored' }> }
  | { readonly kind: 'running'; readonly caller: CacheCaller; readonly until: number }
  | { readonly kind: 'free' };

/**
 * Milliseconds after its deadline at which a call counts as lost. Its own timer ends it long before; only a process that has died and that
 * nobody takes up leaves it so long. Two clocks that are each five minutes wrong still agree on this.
 */
const LOST_AFTER = 15 * 60_000;

/**
 * Milliseconds for which an entry of no more use is kept. A record that is removed begins again with its first revision, so whoever still
 * decides by an earlier look at it must have given up by then: no process works on one look for so long.
 */
const KEPT_FOR = 60 * 60_000;

/** `entry` undefined: nothing is recorded. */
export function findInCache(entry: CacheEntry | undefined, now: number): CacheFinding {
  if (entry?.status === 'stored' && isGood(entry, now)) return { kind: 'hit', entry };
  if (entry?.status === 'running' && now < entry.until)
    return { kind: 'running', caller: entry.caller, until: entry.until };
  return { kind: 'free' };
}

/** What becomes of an entry. The very same one when nothing does: then there is nothing to write. */
export function decideCache(entry: CacheEntry, news: CacheNews, now: number): CacheEntry {
  const { task } = entry;
  switch (news.kind) {
    case 'called': {
      const { caller, deadline } = news;
      return { task, status: 'running', caller, since: now, until: deadline + LOST_AFTER };
    }
    case 'succeeded': {
      if (!isOf(entry, news.caller)) return entry;
      const { caller: by, output, ttl } = news;
      return { task, status: 'stored', output, by, at: now, until: ttl === null ? null : now + ttl * 1000 };
    }
    case 'given_back':
      return isOf(entry, news.caller) ? free(entry, now) : entry;
    case 'cleared':
      return entry.status === 'stored' ? free(entry, now) : entry;
  }
}

/** From when on nobody misses the entry. Undefined: it stays. */
export function uselessFrom(entry: CacheEntry): number | undefined {
  switch (entry.status) {
    case 'free':
      return entry.since + KEPT_FOR;
    case 'running':
      return entry.until + KEPT_FOR;
    case 'stored':
      return entry.until === null ? undefined : entry.until + KEPT_FOR;
  }
}

/** An entry with nothing in it. */
export function emptyEntry(task: string, now: number): CacheEntry {
  return { task, status: 'free', since: now };
}

function isGood({ until }: Extract<CacheEntry, { status: 'stored' }>, now: number): boolean {
  return until === null || now < until;
}

/** Whether the entry is still that of this attempt: one that was lost has no say any more. */
function isOf(entry: CacheEntry, { execution, path, attempt }: CacheCaller): boolean {
  if (entry.status !== 'running') return false;
  const { caller } = entry;
  return caller.execution === execution && caller.path === path && caller.attempt === attempt;
}

function free({ task }: CacheEntry, now: number): CacheEntry {
  return emptyEntry(task, now);
}
