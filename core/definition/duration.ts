/** One year, in seconds: no Step Functions execution lives longer. */
export const LONGEST_DURATION = 31_536_000;

const TEXT = /^(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+(?:\.\d+)?)s)?(?:(\d+)ms)?$/;
const SECONDS = [86_400, 3_600, 60, 1, 0.001];

/** `1h30m` → 5400. Units: d, h, m, s, ms, in this order, each at most once. Undefined for any other text. */
export function parseDuration(text: string): number | undefined {
  const match = TEXT.exec(text);
  if (!match || text === '') return undefined;
  const parts: readonly (string | undefined)[] = match.slice(1);
  const seconds = SECONDS.reduce((sum, unit, index) => sum + Number(parts[index] ?? 0) * unit, 0);
  return toMilliseconds(seconds);
}

/** Milliseconds are the finest that any clock here tells apart; rounding also undoes what binary fractions add. */
export function toMilliseconds(seconds: number): number {
  return Math.round(seconds * 1_000) / 1_000;
}
