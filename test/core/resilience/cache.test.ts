import { describe, expect, it } from 'vitest';
import {
  decideCache,
  emptyEntry,
  findInCache,
  uselessFrom,
  type CacheCaller,
  type CacheEntry,
} from '../../../core/resilience/index.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const one: CacheCaller = { execution: 'exec_1', path: 'scan', attempt: 1 };
const other: CacheCaller = { execution: 'exec_2', path: 'scan', attempt: 1 };
const output = { inline: { found: 3 } };

const running = decideCache(emptyEntry('scan', 0), { kind: 'called', caller: one, deadline: 5 * MINUTE }, 1000);
const stored = (ttl: number | null): CacheEntry =>
  decideCache(running, { kind: 'succeeded', caller: one, output, ttl }, 2000);

describe('findInCache', () => {
  it('finds nothing where nothing is recorded', () => {
    expect(findInCache(undefined, 0)).toEqual({ kind: 'free' });
    expect(findInCache(emptyEntry('scan', 0), 0)).toEqual({ kind: 'free' });
  });

  it('finds the call that is being made, until it counts as lost: 15 minutes after its deadline', () => {
    const until = 20 * MINUTE;
    expect(findInCache(running, until - 1)).toEqual({ kind: 'running', caller: one, until });
    expect(findInCache(running, until)).toEqual({ kind: 'free' });
  });

  it('finds an answer for as long as its ttl says', () => {
    expect(findInCache(stored(10), 11_999)).toEqual({ kind: 'hit', entry: stored(10) });
    expect(findInCache(stored(10), 12_000)).toEqual({ kind: 'free' });
  });

  it('finds one without an end for ever', () => {
    expect(findInCache(stored(null), Number.MAX_SAFE_INTEGER)).toMatchObject({ kind: 'hit' });
  });
});

describe('decideCache', () => {
  it('stores the answer of the call that is recorded, with who has made it and when', () => {
    expect(stored(10)).toEqual({ task: 'scan', status: 'stored', output, by: one, at: 2000, until: 12_000 });
  });

  it('is free again when the call is given back', () => {
    expect(decideCache(running, { kind: 'given_back', caller: one }, 3000)).toEqual(emptyEntry('scan', 3000));
  });

  it.each([
    ['another execution', other],
    ['another task', { ...one, path: 'other' }],
    ['another attempt', { ...one, attempt: 2 }],
  ])('takes neither an answer nor a failure of %s', (_who, caller) => {
    expect(decideCache(running, { kind: 'succeeded', caller, output, ttl: null }, 3000)).toBe(running);
    expect(decideCache(running, { kind: 'given_back', caller }, 3000)).toBe(running);
  });

  it('takes nothing for a call that has been answered', () => {
    const entry = stored(null);
    expect(decideCache(entry, { kind: 'succeeded', caller: one, output: { inline: 1 }, ttl: 5 }, 3000)).toBe(entry);
    expect(decideCache(entry, { kind: 'given_back', caller: one }, 3000)).toBe(entry);
  });

  it('forgets an answer that somebody clears, and lets go on what is under way', () => {
    expect(decideCache(stored(null), { kind: 'cleared' }, 3000)).toEqual(emptyEntry('scan', 3000));
    expect(decideCache(running, { kind: 'cleared' }, 3000)).toBe(running);
    const empty = emptyEntry('scan', 0);
    expect(decideCache(empty, { kind: 'cleared' }, 3000)).toBe(empty);
  });
});

describe('uselessFrom', () => {
  it('is an hour after the entry has served its turn', () => {
    expect(uselessFrom(emptyEntry('scan', 1000))).toBe(1000 + HOUR);
    expect(uselessFrom(running)).toBe(20 * MINUTE + HOUR);
    expect(uselessFrom(stored(10))).toBe(12_000 + HOUR);
  });

  it('never comes for an answer without an end', () => {
    expect(uselessFrom(stored(null))).toBeUndefined();
  });
});
