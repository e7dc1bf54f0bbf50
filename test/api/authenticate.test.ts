import { createLocalJWKSet, errors, exportJWK, generateKeyPair, SignJWT, UnsecuredJWT, type JWTPayload } from 'jose';
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createMemoryApiKeyStore } from '../../adapters/embedded/index.ts';
import { writeApiKey } from '../../api/api-key-text.ts';
import { createAuthenticator, type AuthenticatorOptions } from '../../api/index.ts';
import { createSimulatedClock } from '../makers/simulated-clock.ts';

const issuer = 'https://issuer.example';
const ours = await generateKeyPair('ES256');
const theirs = await generateKeyPair('ES256');
const jwk = { ...(await exportJWK(ours.publicKey)), alg: 'ES256', kid: 'ours' };

function openGate(options: Partial<AuthenticatorOptions> = {}) {
  const clock = createSimulatedClock();
  const apiKeys = createMemoryApiKeyStore();
  const now = Math.floor(clock.now() / 1000);
  const claims: JWTPayload = {
    iss: issuer,
    aud: 'skein',
    sub: 'ann',
    tenant: 'acme',
    scope: 'workflow:read admin',
    exp: now + 60,
  };
  const authenticate = createAuthenticator({
    issuer,
    audience: 'skein',
    keys: createLocalJWKSet({ keys: [jwk] }),
    apiKeys: async (tenant) => (tenant === 'acme' ? apiKeys : undefined),
    clock,
    ...options,
  });
  const sign = (change: JWTPayload = {}, key = ours.privateKey, header: object = {}) =>
    new SignJWT({ ...claims, ...change }).setProtectedHeader({ alg: 'ES256', kid: 'ours', ...header }).sign(key);
  return { authenticate, sign, clock, now, claims, apiKeys };
}

const without = (claim: string): JWTPayload => ({ [claim]: undefined });

describe('createAuthenticator', () => {
  it('says who shows a token of the issuer', async () => {
    const { authenticate, sign } = openGate();

    const principal = await authenticate(`Bearer ${await sign({ roles: ['lead', 7] as string[] })}`);

    expect(principal).toEqual({
      tenant: 'acme',
      subject: 'ann',
      scopes: new Set(['workflow:read', 'admin']),
      roles: ['lead'],
    });
  });

  it.each<[string, JWTPayload, string[]]>([
    ['a list', { scope: undefined, scp: ['agent:work'] }, ['agent:work']],
    ["Cognito's form", { scope: 'skein/workflow:read skein/agent:work' }, ['workflow:read', 'agent:work']],
    ["Auth0's permissions", { scope: 'openid', permissions: ['admin'] }, ['openid', 'admin']],
    ['none', { scope: undefined }, []],
    ['no texts', { scope: 7, scp: [1, null] }, []],
  ])('reads scopes in %s', async (_form, change, scopes) => {
    const { authenticate, sign } = openGate();

    expect([...(await authenticate(`Bearer ${await sign(change)}`)).scopes]).toEqual(scopes);
  });

  it('takes the tenant from the claim that it was told, or the usual ones', async () => {
    const usual = openGate();
    const own = openGate({ tenantClaims: ['https://acme.example/tenant'] });
    const token = { tenant: undefined, org_id: 'org_1', 'https://acme.example/tenant': 'emca' };

    expect(await usual.authenticate(`Bearer ${await usual.sign(token)}`)).toMatchObject({ tenant: 'org_1' });
    expect(await own.authenticate(`Bearer ${await own.sign(token)}`)).toMatchObject({ tenant: 'emca' });
  });

  it.each<[string, JWTPayload, RegExp]>([
    ['has expired', { exp: 1 }, /has expired/],
    ['never expires', without('exp'), /none of this issuer/],
    ['is of another issuer', { iss: 'https://evil.example' }, /none of this issuer/],
    ['is for somebody else', { aud: 'another' }, /none of this issuer/],
    ['is not valid yet', { nbf: 4_000_000_000 }, /none of this issuer/],
    ['names nobody', without('sub'), /none of this issuer/],
    ['names nobody in earnest', { sub: '' }, /names no tenant/],
    ['names no tenant', without('tenant'), /names no tenant/],
    ['has a tenant that is no name', { tenant: ['acme'] as never }, /names no tenant/],
    ['has a tenant that is too long', { tenant: 'a'.repeat(201) }, /names no tenant/],
  ])('refuses a token that %s', async (_what, change, reason) => {
    const { authenticate, sign } = openGate();

    const refused = authenticate(`Bearer ${await sign(change)}`);

    await expect(refused).rejects.toMatchObject({
      problem: { status: 401, code: 'token_invalid', detail: expect.stringMatching(reason) as string },
      headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
    });
  });

  it('lets clocks differ by half a minute', async () => {
    const { authenticate, sign, now } = openGate();

    await expect(authenticate(`Bearer ${await sign({ exp: now - 29 })}`)).resolves.toBeDefined();
    await expect(authenticate(`Bearer ${await sign({ exp: now - 31 })}`)).rejects.toBeDefined();
  });

  it('refuses what our issuer has not signed', async () => {
    const { authenticate, sign, claims } = openGate();
    const [head = '', , mac = ''] = (await sign()).split('.');
    const changed = Buffer.from(JSON.stringify({ ...claims, tenant: 'other' })).toString('base64url');
    const forged = [
      await sign({}, theirs.privateKey),
      `${head}.${changed}.${mac}`,
      new UnsecuredJWT(claims).encode(),
      await new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(Buffer.from(JSON.stringify(jwk))),
      await sign({}, ours.privateKey, { kid: 'unknown' }),
    ];

    for (const token of forged)
      await expect(authenticate(`Bearer ${token}`)).rejects.toMatchObject({ problem: { status: 401 } });
  });

  it.each([
    undefined,
    '',
    'Bearer',
    'Bearer ',
    'Bearer a b',
    'Basic YW5uOnNlY3JldA==',
    'Bearer not-a-token',
    'Bearer ..',
    'Bearer a.b.c',
    `Bearer ${'a'.repeat(20_000)}`,
    'Bearer sk..x.y',
    'Bearer sk.YWNtZQ.key_1.',
    'Bearer eyJhbGciOiJFUzI1NiJ9.bnVsbA.AA',
  ])('refuses the header %j', async (header) => {
    const { authenticate } = openGate();

    await expect(authenticate(header)).rejects.toMatchObject({ problem: { status: 401 } });
  });

  it.each([
    new errors.JWKSTimeout(),
    new errors.JWKSInvalid(),
    new TypeError('fetch failed'),
    new errors.JOSEError('Expected 200 OK'),
  ])('says that the issuer cannot be asked: %s', async (error) => {
    const { authenticate, sign } = openGate({ keys: () => Promise.reject(error) });

    const refused = authenticate(`Bearer ${await sign()}`);

    await expect(refused).rejects.toMatchObject({ name: 'UnavailableError', code: 'issuer_unavailable' });
  });
});

describe('API keys', () => {
  const secret = 'a-secret';
  const secretDigest = createHash('sha256').update(secret).digest('hex');

  it('let their subject in with its scopes', async () => {
    const { authenticate, apiKeys, clock } = openGate();
    await apiKeys.put({ id: 'key_1', secretDigest, subject: 'robot', scopes: ['agent:work'], createdAt: clock.now() });

    const principal = await authenticate(`Bearer ${writeApiKey({ tenant: 'acme', id: 'key_1', secret })}`);

    expect(principal).toEqual({ tenant: 'acme', subject: 'robot', scopes: new Set(['agent:work']), roles: [] });
  });

  it('are refused with another secret, id or tenant, and once they have expired', async () => {
    const { authenticate, apiKeys, clock } = openGate();
    const expiresAt = clock.now() + 1_000;
    await apiKeys.put({ id: 'key_1', secretDigest, subject: 'robot', scopes: [], createdAt: 0, expiresAt });
    const right = { tenant: 'acme', id: 'key_1', secret };
    const show = (change: Partial<typeof right>) => authenticate(`Bearer ${writeApiKey({ ...right, ...change })}`);

    await expect(show({})).resolves.toBeDefined();
    for (const change of [{ secret: 'another' }, { id: 'key_2' }, { tenant: 'other' }])
      await expect(show(change)).rejects.toMatchObject({ problem: { status: 401, code: 'key_invalid' } });
    clock.advanceBy(1_000);
    await expect(show({})).rejects.toMatchObject({ problem: { status: 401, code: 'key_invalid' } });
  });
});
