import { isJsonObject, parseJson, type Json, type JsonObject } from '../../core/json/index.ts';
import type { Finding } from './finding.ts';

/** In seconds: too short for anything but a look. */
const SOON = 300;

/**
 * What a token says of itself, without its signature being checked: the deployment does that. `now` is epoch milliseconds. Nothing of the
 * token itself is told.
 */
export function tokenFinding(profile: string, token: string | undefined, now: number): Finding {
  const check = 'token';
  if (token === undefined) {
    const fix = `\`skein profile add ${profile} --url … --token-env <variable>\`, if the deployment asks for one`;
    return { check, status: 'warning', message: `${profile} shows no token`, fix };
  }
  if (token.startsWith('sk.')) return { check, status: 'ok', message: 'an API key: the deployment knows its scopes' };
  const claims = claimsOf(token);
  if (!claims) {
    const fix = 'check where the profile gets it; the deployment takes JWTs of its issuer, and API keys (sk.…)';
    return { check, status: 'failed', message: 'it is neither a JWT nor an API key', fix };
  }
  const scopes = scopesOf(claims);
  const held = scopes.length === 0 ? 'it has no scopes' : `it has ${scopes.join(', ')}`;
  const left = typeof claims['exp'] === 'number' ? claims['exp'] - now / 1000 : undefined;
  const fix = 'get a new one from your identity provider; --token-command does so each time';
  if (left === undefined) return { check, status: 'failed', message: 'it does not say when it expires', fix };
  if (left <= 0) return { check, status: 'failed', message: `it expired ${spanText(-left)} ago`, fix };
  const message = `${held}; it expires in ${spanText(left)}`;
  if (left < SOON) return { check, status: 'warning', message, fix };
  const ask = 'ask for scopes such as workflow:read and workflow:execute';
  return scopes.length === 0 ? { check, status: 'warning', message, fix: ask } : { check, status: 'ok', message };
}

function claimsOf(token: string): JsonObject | undefined {
  const [, payload, signature, ...rest] = token.split('.');
  if (payload === undefined || signature === undefined || rest.length > 0) return undefined;
  try {
    const claims = parseJson(Buffer.from(payload, 'base64url').toString('utf8'));
    return isJsonObject(claims) ? claims : undefined;
  } catch {
    return undefined;
  }
}

/** As the API reads them: one text with blanks, or a list; Cognito puts its resource server before a slash. */
function scopesOf(claims: JsonObject): readonly string[] {
  const named = ['scope', 'scp', 'permissions'].flatMap((claim) => textsOf(claims[claim]));
  return [...new Set(named.map((scope) => scope.slice(scope.lastIndexOf('/') + 1)))];
}

function textsOf(claim: Json | undefined): readonly string[] {
  if (typeof claim === 'string') return claim.split(' ').filter((text) => text !== '');
  return Array.isArray(claim) ? claim.filter((entry) => typeof entry === 'string') : [];
}

function spanText(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} days`;
}
