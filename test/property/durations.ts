const UNITS: Readonly<Record<string, number>> = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000, ms: 1 };

/** Of a duration as authors write it: seconds, or a text like `1h30m`. */
export function milliseconds(duration: number | string): number {
  if (typeof duration === 'number') return duration * 1_000;
  const parts = [...duration.matchAll(/(\d+(?:\.\d+)?)(ms|d|h|m|s)/g)];
  return parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * UNITS[unit ?? '']!, 0);
}

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

/** Of a moment as authors write it: an RFC 3339 text, or seconds since 1970. Undefined: it is neither. */
export function epochMilliseconds(moment: unknown): number | undefined {
  if (typeof moment === 'number') return moment * 1_000;
  return typeof moment === 'string' && TIME.test(moment) ? Date.parse(moment) : undefined;
}
