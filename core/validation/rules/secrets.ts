import { isJsonObject, type Json } from '../../json/index.ts';
import type { Finding, Path } from '../../definition/index.ts';
import { expressionPlaces } from '../expression-places.ts';
import type { RuleContext } from '../rule.ts';

/** Forms that issuers give their secrets, so that they can be found. */
const forms: readonly (readonly [string, RegExp])[] = [
  ['an AWS access key', /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/],
  ['a GitHub token', /\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{22})/],
  ['an API key', /\bsk-[A-Za-z0-9_-]{20}/],
  ['a Slack token', /\bxox[abprs]-[A-Za-z0-9-]{10}/],
  ['a Google API key', /\bAIza[0-9A-Za-z_-]{35}/],
  ['a private key', /-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----/],
];

const SECRET_KEY = /^(?:.*[_-])?(?:password|passwd|secret|token|api[_-]?key|private[_-]?key)$/i;

/** Long texts are documents; a secret stands at the beginning of its text. */
const FURTHEST = 4_096;

/** LINT904: no secret stands in what is handed to agents, events and other workflows. */
export function* noSecrets(context: RuleContext): Generator<Finding> {
  for (const { tree, path } of expressionPlaces(context)) yield* secretsIn(tree, path);
}

function* secretsIn(value: Json, path: Path): Generator<Finding> {
  if (typeof value === 'string') {
    const what = secretName(value.slice(0, FURTHEST), path.at(-1));
    if (what !== undefined) yield { code: 'LINT904', message: `This looks like ${what}.`, path };
  } else if (Array.isArray(value)) {
    for (const [index, item] of (value as readonly Json[]).entries()) yield* secretsIn(item, [...path, index]);
  } else if (isJsonObject(value)) {
    for (const [key, member] of Object.entries(value)) yield* secretsIn(member, [...path, key]);
  }
}

function secretName(text: string, key: string | number | undefined): string | undefined {
  const form = forms.find(([, pattern]) => pattern.test(text));
  if (form) return form[0];
  const isLiteral = text.length >= 8 && !text.includes('${') && !/\s/.test(text);
  return isLiteral && typeof key === 'string' && SECRET_KEY.test(key) ? `a secret, by its key \`${key}\`` : undefined;
}
