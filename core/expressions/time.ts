import type { Json } from '../json/index.ts';

const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/;

/**
 * A time, from RFC 3339 text or from seconds since 1970, in milliseconds since then; undefined for anything else. A text needs its
 * offset: what one without means depends on the machine that reads it.
 */
export function timeOf(value: Json): number | undefined {
  if (typeof value === 'string' && !RFC_3339.test(value)) return undefined;
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const time = new Date(typeof value === 'string' ? value : value * 1_000).getTime();
  return Number.isNaN(time) ? undefined : time;
}
