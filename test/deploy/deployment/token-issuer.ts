import { createServer } from 'node:http';
import { exportJWK, generateKeyPair, importJWK, SignJWT, type JWK } from 'jose';
import type { Scope } from '../../../api/index.ts';

const ALGORITHM = 'ES256';
const KEY_ID = 'test';

/** Whose tokens a deployment takes, and the key that makes them. */
export interface Signer {
  readonly issuer: string;
  readonly audience: string;
  readonly jwksUrl: string;
  readonly privateKey: JWK;
}

export interface TokenIssuer {
  readonly signer: Signer;
  close(): Promise<void>;
}

/** Starts an OIDC issuer: its public key is served on 127.0.0.1, where the deployed API looks it up. */
export async function startTokenIssuer(): Promise<TokenIssuer> {
  const { publicKey, privateKey } = await generateKeyPair(ALGORITHM, { extractable: true });
  const jwks = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: KEY_ID, alg: ALGORITHM }] });
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json').end(jwks);
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : 0);
    });
  });
  const issuer = `http://127.0.0.1:${port}/`;
  return {
    signer: {
      issuer,
      audience: 'skein-test',
      jwksUrl: `${issuer}jwks.json`,
      privateKey: await exportJWK(privateKey),
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export interface Claims {
  readonly tenant: string;
  readonly subject?: string;
  readonly scopes: readonly Scope[];
  readonly roles?: readonly string[];
}

export async function signToken(signer: Signer, { tenant, subject = 'tester', scopes, roles = [] }: Claims) {
  return await new SignJWT({ tenant, scope: scopes.join(' '), roles: [...roles] })
    .setProtectedHeader({ alg: ALGORITHM, kid: KEY_ID })
    .setSubject(subject)
    .setIssuer(signer.issuer)
    .setAudience(signer.audience)
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(await importJWK(signer.privateKey, ALGORITHM));
}
