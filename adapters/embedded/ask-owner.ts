import { ConflictError, NotFoundError, UnavailableError } from '../../core/errors/index.ts';
import type { ExecutionId } from '../../core/ids/index.ts';
import type { Owner } from './ownership.ts';

/** How long the owner may take to accept, in milliseconds. */
const ACCEPTS_WITHIN_MS = 10_000;

interface Refusal {
  readonly code: string;
  readonly detail: string;
  readonly hint?: string;
}

/**
 * Asks the process that owns a database to cancel an execution; resolves once it has begun to stop. Throws NotFoundError
 * and ConflictError as the owner's engine does, and UnavailableError (`owner_silent`).
 */
export async function cancelAtOwner(owner: Owner, execution: ExecutionId, by: string): Promise<void> {
  const url = `http://127.0.0.1:${owner.port}/control/executions/${encodeURIComponent(execution)}/cancel`;
  const response = await fetch(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${owner.secret}`, 'content-type': 'application/json' },
    body: JSON.stringify({ by }),
    signal: AbortSignal.timeout(ACCEPTS_WITHIN_MS),
  }).catch((error: unknown) => {
    throw silent(owner, error);
  });
  if (response.ok) return;
  // The owner is this same program: its refusals are problem+json.
  const { code, detail, hint } = (await response.json()) as Refusal;
  const refusal = { code, message: detail, ...(hint !== undefined && { hint }) };
  if (response.status === 404) throw new NotFoundError(refusal);
  if (response.status === 409) throw new ConflictError(refusal);
  throw new UnavailableError(refusal);
}

function silent({ pid }: Owner, cause: unknown): UnavailableError {
  return new UnavailableError({
    code: 'owner_silent',
    message: `The process that runs the execution (pid ${pid}) does not answer.`,
    hint: 'Try again; Ctrl-C where it runs cancels it as well.',
    cause,
  });
}
