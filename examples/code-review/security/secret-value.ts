const placeholder =
  /example|sample|dummy|placeholder|change.?me|your|insert|redacted|fake|mock|test|todo|xxxx|\*\*\*|\.\.\.|<|>|\$\{|\{\{|%\(|0123456|123456789|abcdef/i;
const url = /^([a-z]+:\/\/|\.{0,2}\/)/i;
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const digest = /^(sha\d+|md5)[-:]/i;

/** Of what a password manager or a random generator writes, per character. English words have less. */
const minEntropy = 3.5;
const minLength = 20;

/**
 * Is this text random enough to be a real secret? Placeholders, words with dashes, paths, URLs, ids and checksums
 * are not: a scanner that cries at those is soon switched off.
 */
export function looksSecret(value: string): boolean {
  if (value.length < minLength || value.length > 500) return false;
  if ([/\s/, placeholder, uuid, digest, url].some((harmless) => harmless.test(value))) return false;
  if (!/\d/.test(value) || !/[a-z]/i.test(value)) return false;
  const words = value.split(/[-_./:@]/);
  if (words.every((word) => /^([a-z]*|[A-Z]?[a-z]+([A-Z][a-z]+)*|[A-Z]+|\d*|v\d+)$/.test(word))) return false;
  return entropyOf(value) >= minEntropy;
}

const wellKnown = /^(pass(word|wd)?|secret|admin|root|user(name)?|guest|postgres|mysql)\d*$/i;

/** Of a text whose shape already gives it away: an example in a manual, or a password that is none. */
export function isPlaceholder(value: string): boolean {
  return placeholder.test(value) || wellKnown.test(value);
}

/** Shannon entropy in bits per character. */
export function entropyOf(value: string): number {
  const counts = Object.values(Object.groupBy(value, (character) => character));
  return counts.reduce((sum, group) => {
    const share = (group?.length ?? 0) / value.length;
    return sum - share * Math.log2(share);
  }, 0);
}

/** Enough to recognise it by, too little to use it: a report is mailed around. */
export function redact(value: string): string {
  return `${value.slice(0, 4)}… (${value.length} characters)`;
}
