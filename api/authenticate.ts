import { createHash, timingSafeEqual } from 'node:crypto';
import { errors, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose';
import { UnavailableError } from '../core/errors/index.ts';
import type { ApiKeyStore, Clock } from '../core/ports/index.ts';
import { readApiKey } from './api-key-text.ts';
import type { Principal } from './principal.ts';
import { RequestProblem } from './problem.ts';

export interface AuthenticatorOptions {
  readonly issuer: string;
  readonly audience: string;
  /** The issuer's public keys: `createRemoteJWKSet(url)`, or a local set. */
  readonly keys: JWTVerifyGetKey;
  /** The claim that names the tenant: the first of these that the token has. */
  readonly tenantClaims?: readonly string[];
  /** The keys of a tenant; undefined where there is no such tenant. */
  readonly apiKeys: (tenant: string) => Promise<ApiKeyStore | undefined>;
  readonly clock: Clock;
}

/** Who shows this Authorization header. Throws RequestProblem (401), and UnavailableError when the issuer does not answer. */
export type Authenticate = (authorization: string | undefined) => Promise<Principal>;

/** Signatures of key pairs only: with a shared secret, whoever can check a token could make one. */
const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];
const TENANT_CLAIMS = ['tenant', 'org_id'];
/** Seconds that the issuer's clock may differ from ours. */
const CLOCK_TOLERANCE = 30;
/** Tokens with many claims have a few kilobytes. */
const LONGEST_CREDENTIALS = 16_384;

/** JWTs of one OIDC issuer, and API keys. */
export function createAuthenticator(options: AuthenticatorOptions): Authenticate {
  return async (authorization) => {
    const token = bearerOf(authorization);
    const key = readApiKey(token);
    return key ? principalOfKey(options, key) : principalOfToken(options, token);
  };
}

function bearerOf(authorization: string | undefined): string {
  const [scheme, token, ...rest] = (authorization ?? '').split(' ');
  if (scheme?.toLowerCase() === 'bearer' && token && rest.length === 0 && token.length <= LONGEST_CREDENTIALS)
    return token;
  throw unauthorized('credentials_required', 'This route asks for a bearer token or an API key.', 'Bearer');
}

async function principalOfToken(options: AuthenticatorOptions, token: string): Promise<Principal> {
  const { issuer, audience, keys, clock } = options;
  const claims = await jwtVerify(token, keys, {
    issuer,
    audience,
    algorithms: ALGORITHMS,
    clockTolerance: CLOCK_TOLERANCE,
    currentDate: new Date(clock.now()),
    requiredClaims: ['sub', 'exp'],
  }).then(({ payload }) => payload, refuse);
  const tenant = (options.tenantClaims ?? TENANT_CLAIMS).map((claim) => claims[claim]).find(isName);
  if (!isName(claims.sub) || tenant === undefined) throw invalidToken('it names no tenant');
  return {
    tenant,
    subject: claims.sub,
    scopes: new Set([...scopesOf(claims['scope']), ...scopesOf(claims['scp']), ...scopesOf(claims['permissions'])]),
    roles: [...textsOf(claims['roles']), ...textsOf(claims['cognito:groups'])],
  };
}

/** What jose says of the issuer and not of the token: no answer, one that is not 200, one that is no key set. */
const ofIssuer = ['ERR_JWKS_TIMEOUT', 'ERR_JOSE_GENERIC', 'ERR_JWKS_INVALID'];

function refuse(error: unknown): never {
  if (!(error instanceof errors.JOSEError) || ofIssuer.includes(error.code))
    throw new UnavailableError({
      code: 'issuer_unavailable',
      message: "The issuer's keys cannot be had.",
      cause: error,
    });
  throw invalidToken(reasons[error.code] ?? 'it is none of this issuer');
}

const reasons: Readonly<Record<string, string>> = {
  ERR_JWT_EXPIRED: 'it has expired',
  ERR_JWS_SIGNATURE_VERIFICATION_FAILED: 'its signature is wrong',
  ERR_JOSE_ALG_NOT_ALLOWED: 'its algorithm is not allowed',
};

function isName(claim: unknown): claim is string {
  return typeof claim === 'string' && claim !== '' && claim.length <= 200;
}

/** One text with blanks (`scope` of OAuth 2), or a list. Cognito puts its resource server before a slash. */
function scopesOf(claim: JWTPayload[string]): string[] {
  const all = typeof claim === 'string' ? claim.split(' ') : textsOf(claim);
  return all.map((scope) => scope.slice(scope.lastIndexOf('/') + 1));
}

function textsOf(claim: unknown): string[] {
  return Array.isArray(claim) ? claim.filter((entry) => typeof entry === 'string') : [];
}

async function principalOfKey(
  { apiKeys, clock }: AuthenticatorOptions,
  { tenant, id, secret }: NonNullable<ReturnType<typeof readApiKey>>,
): Promise<Principal> {
  const key = await (await apiKeys(tenant))?.find(id);
  const isRight = key !== undefined && timingSafeEqual(Buffer.from(key.secretDigest, 'hex'), digest(secret));
  if (!isRight || (key.expiresAt !== undefined && key.expiresAt <= clock.now()))
    throw unauthorized('key_invalid', 'This API key is not known, or has expired.', 'Bearer error="invalid_token"');
  return { tenant, subject: key.subject, scopes: new Set(key.scopes), roles: [] };
}

function digest(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

function invalidToken(why: string): RequestProblem {
  return unauthorized('token_invalid', `The token cannot be taken: ${why}.`, 'Bearer error="invalid_token"');
}

function unauthorized(code: string, detail: string, challenge: string): RequestProblem {
  return new RequestProblem({ status: 401, code, detail }, { 'www-authenticate': challenge });
}
