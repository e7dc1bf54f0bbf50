/** An API key as its owner shows it: `sk.{tenant}.{id}.{secret}`, the tenant in base64url. */
export interface ApiKeyText {
  readonly tenant: string;
  readonly id: string;
  readonly secret: string;
}

const PREFIX = 'sk';

export function writeApiKey({ tenant, id, secret }: ApiKeyText): string {
  return [PREFIX, Buffer.from(tenant).toString('base64url'), id, secret].join('.');
}

/** Undefined for a text that is no API key: a JWT, for one, has three parts. */
export function readApiKey(text: string): ApiKeyText | undefined {
  const [prefix, tenant, id, secret, ...rest] = text.split('.');
  if (prefix !== PREFIX || !tenant || !id || !secret || rest.length > 0) return undefined;
  return { tenant: Buffer.from(tenant, 'base64url').toString('utf8'), id, secret };
}
