import { digestOf, type Json } from '../../core/json/index.ts';

/** Where the caches of a tenant stand: a record for each workflow that has one, and in its folder one for each key. */
export const CACHES = 'cache';

export function cacheOf(workflow: string): string {
  return `${CACHES}/${workflow}`;
}

/** One call, by what equal calls have in common. */
interface CachedCall {
  readonly workflow: string;
  readonly task: string;
  readonly common: Json;
}

export function cacheControl({ workflow, task, common }: CachedCall): string {
  return `${cacheOf(workflow)}/${digestOf([task, common])}`;
}

/** Whether an answer may stand there: the workflow's own record is none. */
export function isEntry(key: string): boolean {
  return key.split('/').length === 3;
}
