import { digestOfText } from '../core/json/index.ts';
import { executionId, type ExecutionId } from '../core/ids/index.ts';
import type { IdempotentRequest } from '../core/ports/index.ts';
import { RequestProblem } from './problem.ts';
import type { ApiAnswer, Caller, RouteSpec } from './route.ts';

/** Milliseconds after which a request that nobody has answered is taken for dead, and may be repeated. */
const LONGEST_WORK_MS = 60_000;
/** Milliseconds for which an answer is kept. */
const KEPT_MS = 86_400_000;
/** An item of DynamoDB has 400 KB; a longer answer is made again, under the same id. */
const LONGEST_ANSWER = 100_000;

export interface Repeatable {
  readonly route: Pick<RouteSpec, 'operation'>;
  readonly caller: Pick<Caller, 'services' | 'principal'>;
  /** As the sender wrote it. */
  readonly key: string;
  /** All that is asked for. */
  readonly asked: string;
  readonly answer: (id: ExecutionId) => Promise<ApiAnswer>;
}

/**
 * Answers a request with an `Idempotency-Key` once: the first answer is kept for a day, and is what a repetition gets. What the
 * request creates has the same id in each try, so that one that died in the middle creates nothing twice. Throws RequestProblem: 422
 * (`key_reused`) for another request with the key, 409 (`still_working`) while the first one is being answered.
 */
export async function answerOnce({ route, caller, key, asked, answer }: Repeatable): Promise<ApiAnswer> {
  requireKey(key);
  const { idempotency, clock, ids } = caller.services;
  const now = clock.now();
  const mine: IdempotentRequest = {
    key: digestOfText(JSON.stringify([route.operation, caller.principal.subject, key])),
    digest: digestOfText(asked),
    id: ids.executionId(),
    claimedAt: now,
    expiresAt: now + KEPT_MS,
  };
  const earlier = await idempotency.claim(mine);
  if (earlier) {
    refuseOther(earlier, mine);
    if (earlier.answer) return replay(earlier.answer);
    if (now - earlier.claimedAt < LONGEST_WORK_MS) throw stillWorking();
  }
  const request = earlier ?? mine;
  try {
    const given = await answer(executionId(request.id));
    await idempotency.put({ ...request, ...kept(given) });
    return given;
  } catch (error) {
    // Nothing is known of what a server error has left behind: whoever repeats it goes on under the same id, at once.
    await idempotency.put({ ...request, claimedAt: 0 }).catch(() => undefined);
    throw error;
  }
}

function kept({ status, body, headers = {} }: ApiAnswer): Partial<IdempotentRequest> {
  const text = JSON.stringify(body ?? null);
  return text.length > LONGEST_ANSWER ? { claimedAt: 0 } : { answer: { status, headers, body: text } };
}

function replay({ status, headers, body }: NonNullable<IdempotentRequest['answer']>): ApiAnswer {
  return {
    status,
    text: { type: 'application/json', content: body },
    headers: { ...headers, 'idempotency-replayed': 'true' },
  };
}

function requireKey(key: string): void {
  if (/^[\x21-\x7e]{1,255}$/.test(key)) return;
  throw new RequestProblem({
    status: 400,
    code: 'key_invalid',
    detail: 'An Idempotency-Key has 1 to 255 printable ASCII characters, and no blanks.',
  });
}

function refuseOther(earlier: IdempotentRequest, mine: IdempotentRequest): void {
  if (earlier.digest === mine.digest) return;
  throw new RequestProblem({
    status: 422,
    code: 'key_reused',
    detail: 'Another request was sent with this Idempotency-Key.',
    hint: 'Make a new key for each request, and repeat a request with its own.',
  });
}

function stillWorking(): RequestProblem {
  const problem = { status: 409, code: 'still_working', detail: 'The first request with this key is being answered.' };
  return new RequestProblem(problem, { 'retry-after': '1' });
}
