import { isDeepStrictEqual } from 'node:util';
import { isJsonObject, type Json } from '../json/index.ts';

/**
 * Whether an event's data has every member that the pattern names: equal to one of the listed values, or, for a nested object, matched
 * member by member. A value that is no list means a list of one.
 */
export function matchesPattern(pattern: Json, data: Json): boolean {
  if (!isJsonObject(pattern)) return false;
  return Object.entries(pattern).every(([key, wanted]) => {
    if (!isJsonObject(data) || !Object.hasOwn(data, key)) return false;
    const value = data[key] ?? null;
    if (isJsonObject(wanted)) return matchesPattern(wanted, value);
    const allowed: readonly Json[] = Array.isArray(wanted) ? wanted : [wanted];
    return allowed.some((it) => isDeepStrictEqual(it, value));
  });
}
