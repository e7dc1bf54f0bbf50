import { z } from 'zod';
import { ConflictError, InvalidRequestError, NotFoundError, UnavailableError } from '../../core/errors/index.ts';
import type { Decision, NewBusEvent } from '../../core/execution/index.ts';
import {
  checkpointId,
  type ApprovalId,
  type CheckpointId,
  type ExecutionId,
  type TaskPath,
} from '../../core/ids/index.ts';
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
  const hint = 'Try again; Ctrl-C where it runs cancels it as well.';
  await ask(owner, `executions/${encodeURIComponent(execution)}/cancel`, { body: { by }, hint });
}

const pausedAnswer = z.object({ checkpoint_id: z.string().transform(checkpointId) });

/** As above, to pause one. Resolves with the checkpoint. */
export async function pauseAtOwner(
  owner: Owner,
  execution: ExecutionId,
  { by, reason }: { readonly by: string; readonly reason?: string },
): Promise<{ readonly checkpointId: CheckpointId }> {
  const body = { by, ...(reason !== undefined && { reason }) };
  const hint = 'Try again: pausing one that is paused changes nothing.';
  const answer = await ask(owner, `executions/${encodeURIComponent(execution)}/pause`, { body, hint });
  return { checkpointId: pausedAnswer.parse(await answer.json()).checkpoint_id };
}

/** As above, to let one go on that is paused. */
export async function unpauseAtOwner(owner: Owner, execution: ExecutionId, by: string): Promise<void> {
  const hint = 'Try again: resuming one that goes on changes nothing.';
  await ask(owner, `executions/${encodeURIComponent(execution)}/resume`, { body: { by }, hint });
}

/** Has the process that owns a database take a person's decision. Throws as the owner's engine does, and UnavailableError. */
export async function decideAtOwner(owner: Owner, approval: ApprovalId, decision: Decision): Promise<void> {
  const hint = '`skein approvals` tells whether it was taken.';
  await ask(owner, `approvals/${encodeURIComponent(approval)}/decision`, { body: decision, hint });
}

const intervenedAnswer = z.object({ at: z.number() });

/** Has the process that owns a database act on a task by hand; resolves with when that was done. Throws as the owner's engine does. */
export async function interveneAtOwner(
  owner: Owner,
  place: { readonly execution: ExecutionId; readonly path: TaskPath },
  asked: { readonly request: string },
): Promise<{ readonly at: number }> {
  const hint = 'Try again with the same request: it acts once.';
  const answer = await ask(owner, 'interventions', { body: { ...place, asked }, hint });
  return intervenedAnswer.parse(await answer.json());
}

/** Has the process that owns a database close the breaker of an agent type. */
export async function resetBreakerAtOwner(owner: Owner, agent: string, by: string): Promise<void> {
  const hint = 'Try again: resetting one that is closed changes nothing.';
  await ask(owner, `breakers/${encodeURIComponent(agent)}/reset`, { body: { by }, hint });
}

const clearedAnswer = z.object({ cleared: z.int() });

/** Has the process that owns a database take answers out of the cache of a workflow. Answers how many. */
export async function clearCacheAtOwner(
  owner: Owner,
  { workflow, ...asked }: { readonly workflow: string; readonly task?: string; readonly by: string },
): Promise<number> {
  const hint = 'Try again: clearing what is clear changes nothing.';
  const answer = await ask(owner, `caches/${encodeURIComponent(workflow)}/clear`, { body: asked, hint });
  return clearedAnswer.parse(await answer.json()).cleared;
}

/** Has the process that owns a database drain an instance of a pool (`closed`), or have it take tasks again. Throws NotFoundError. */
export async function changeInstanceAtOwner(
  owner: Owner,
  {
    pool,
    instance,
    ...change
  }: { readonly pool: string; readonly instance: number; readonly to: string; readonly by: string },
): Promise<void> {
  const hint = 'Try again: an instance that is so already stays as it is.';
  await ask(owner, `pools/${encodeURIComponent(pool)}/instances/${instance}`, { body: change, hint });
}

/** Has the process that owns a database send the letter of an incident again. Throws as its engine does, and UnavailableError. */
export async function redriveAtOwner(owner: Owner, id: string, by: string): Promise<void> {
  const hint = 'Try again: one that was redriven is not sent twice.';
  await ask(owner, `incidents/${encodeURIComponent(id)}/redrive`, { body: { by }, hint });
}

/** Has the process that owns a database close an incident. Throws NotFoundError. */
export async function closeIncidentAtOwner(
  owner: Owner,
  id: string,
  asked: { readonly by: string; readonly why?: string },
): Promise<void> {
  const hint = 'Try again: closing one that is closed changes nothing.';
  await ask(owner, `incidents/${encodeURIComponent(id)}/close`, { body: asked, hint });
}

/**
 * Has the process that owns a database publish an event; resolves once it is durable. Asked twice with one id, it publishes once.
 * Throws InvalidRequestError (`event_refused`) and UnavailableError (`owner_silent`).
 */
export async function publishAtOwner(owner: Owner, event: NewBusEvent): Promise<void> {
  await ask(owner, 'events', { body: event, hint: 'Try again with the same id.' });
}

interface Question {
  readonly body: object;
  /** What to do when nobody answers. */
  readonly hint: string;
}

async function ask(owner: Owner, path: string, { body, hint: whenSilent }: Question): Promise<Response> {
  const response = await fetch(`http://127.0.0.1:${owner.port}/control/${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${owner.secret}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(ACCEPTS_WITHIN_MS),
  }).catch((error: unknown) => {
    throw silent(owner, whenSilent, error);
  });
  if (response.ok) return response;
  // The owner is this same program: its refusals are problem+json.
  const { code, detail, hint } = (await response.json()) as Refusal;
  const refusal = { code, message: detail, ...(hint !== undefined && { hint }) };
  if (response.status === 400 || response.status === 413) throw new InvalidRequestError(refusal);
  if (response.status === 404) throw new NotFoundError(refusal);
  if (response.status === 409) throw new ConflictError(refusal);
  throw new UnavailableError(refusal);
}

function silent({ pid }: Owner, hint: string, cause: unknown): UnavailableError {
  const message = `The process that owns the database (pid ${pid}) does not answer.`;
  return new UnavailableError({ code: 'owner_silent', message, hint, cause });
}
