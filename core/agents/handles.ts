import { createHmac, timingSafeEqual } from 'node:crypto';
import { parseJson } from '../json/index.ts';
import { executionId, handle, taskPath, type ExecutionId, type Handle, type TaskPath } from '../ids/index.ts';

/** What a handle is bound to. */
export interface HandleScope {
  readonly tenant: string;
  readonly execution: ExecutionId;
  readonly path: TaskPath;
  readonly attempt: number;
}

const PREFIX = 'hdl_';
/** 128 bits of HMAC-SHA256: guessing one is hopeless, and the URL stays short. */
const MAC_BYTES = 16;

/**
 * A handle carries its scope and a MAC over it, so no look-up table has to be written or cleaned for it, and the same
 * attempt gets the same handle after a crash. It settles once because the attempt that it names is live once.
 */
export function signHandle(secret: string, scope: HandleScope): Handle {
  // JSON keeps the members apart whatever a tenant is called; a separator could be part of a name.
  const text = JSON.stringify([scope.tenant, scope.execution, scope.path, scope.attempt]);
  return handle(`${PREFIX}${Buffer.from(text).toString('base64url')}.${macOf(secret, text).toString('base64url')}`);
}

/** The scope of a handle that was signed with this secret; undefined for any other text. */
export function readHandle(secret: string, candidate: string): HandleScope | undefined {
  const [body, mac, ...rest] = candidate.startsWith(PREFIX) ? candidate.slice(PREFIX.length).split('.') : [];
  if (body === undefined || mac === undefined || rest.length > 0) return undefined;
  const text = Buffer.from(body, 'base64url').toString('utf8');
  const given = Buffer.from(mac, 'base64url');
  if (given.length !== MAC_BYTES || !timingSafeEqual(given, macOf(secret, text))) return undefined;
  // It was signed with our secret: it is what signHandle wrote.
  const [tenant, execution, path, attempt] = parseJson(text) as [string, string, string, number];
  return { tenant, execution: executionId(execution), path: taskPath(path), attempt };
}

function macOf(secret: string, text: string): Buffer {
  return createHmac('sha256', secret).update(text).digest().subarray(0, MAC_BYTES);
}
