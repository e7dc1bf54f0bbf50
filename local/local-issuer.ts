import { createLocalJWKSet, exportJWK, generateKeyPair, SignJWT, type JWTVerifyGetKey } from 'jose';
import type { Scope } from '../api/index.ts';

/** Whom a token speaks for. */
export interface TokenClaims {
  readonly tenant: string;
  readonly subject: string;
  readonly scopes: readonly Scope[];
  readonly roles?: readonly string[];
}

/** An OIDC issuer of this process, in place of a real one: its key dies with it, and so do its tokens. */
export interface LocalIssuer {
  readonly issuer: string;
  readonly audience: string;
  readonly keys: JWTVerifyGetKey;
  /** `now` in epoch milliseconds. */
  sign(claims: TokenClaims, now: number): Promise<string>;
}

const ALGORITHM = 'ES256';
const ISSUER = 'https://skein.invalid/dev';
const AUDIENCE = 'skein';
/** Longer than anybody leaves such a server running. */
const LIFETIME_SECONDS = 30 * 86_400;

export async function createLocalIssuer(): Promise<LocalIssuer> {
  const { publicKey, privateKey } = await generateKeyPair(ALGORITHM);
  const jwk = { ...(await exportJWK(publicKey)), alg: ALGORITHM, use: 'sig' };
  return {
    issuer: ISSUER,
    audience: AUDIENCE,
    keys: createLocalJWKSet({ keys: [jwk] }),
    sign({ tenant, subject, scopes, roles }, now) {
      const seconds = Math.floor(now / 1000);
      return new SignJWT({ tenant, scope: scopes.join(' '), ...(roles && { roles }) })
        .setProtectedHeader({ alg: ALGORITHM })
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setSubject(subject)
        .setIssuedAt(seconds)
        .setExpirationTime(seconds + LIFETIME_SECONDS)
        .sign(privateKey);
    },
  };
}
