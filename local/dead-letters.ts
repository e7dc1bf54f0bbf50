import { readHandle, signHandle, type TaskError, type Usage } from '../core/agents/index.ts';
import { ConflictError, InvalidRequestError, NotFoundError, UnavailableError } from '../core/errors/index.ts';
import type { LetterSource, Redrive } from '../core/execution/index.ts';
import type { ExecutionId, Handle } from '../core/ids/index.ts';
import { digestOf, type Json, type JsonObject } from '../core/json/index.ts';
import type { Timer } from '../core/ports/index.ts';
import type { Engine, FoundLetter } from '../engine/index.ts';

export interface DeadLettersDeps {
  readonly engine: () => Engine;
  readonly tenant: string;
  /** Of this process: what it gives up is news, whatever an earlier one has given up. */
  readonly engineId: string;
  readonly handleSecret: string;
  /** Hears that a letter could not be recorded. */
  readonly onLost: (error: unknown) => void;
}

/** Deliveries of one timer before it is given up; as many as a queue of a deployment tries. */
const TRIES = 5;

type Answer =
  | { readonly kind: 'complete'; readonly output: Json; readonly usage?: Usage }
  | { readonly kind: 'fail'; readonly error: TaskError; readonly usage?: Usage };

/** What this process gives up, as incidents in its ledger. What the ledger cannot take is not given up. */
export function createDeadLetters(deps: DeadLettersDeps) {
  const { engine, engineId } = deps;
  const failures = new Map<string, number>();
  let given = 0;
  const giveUp = async (letter: Omit<FoundLetter, 'copy'>): Promise<void> => {
    given += 1;
    await engine().recordLetter({ copy: `${engineId}/${given}`, ...letter });
  };

  return {
    /** Delivers a timer; one that fails again and again becomes an incident, and is not delivered any more. */
    async deliver(timer: Timer): Promise<void> {
      const key = digestOf(jsonOf(timer));
      try {
        await engine().onTimer(timer);
        failures.delete(key);
      } catch (error) {
        const failed = (failures.get(key) ?? 0) + 1;
        failures.set(key, failed);
        if (failed < TRIES || error instanceof UnavailableError) throw error;
        await giveUp({ source: 'timers', about: key, ...about(error, timer), body: jsonOf(timer) });
        failures.delete(key);
      }
    },
    /** An answer that the engine cannot deal with, which is not its agent's fault. */
    keepAnswer: async (handle: Handle, answer: Answer, error: unknown): Promise<void> => {
      const scope = readHandle(deps.handleSecret, handle);
      if (!scope || isRefusal(error)) return;
      // Never the handle, with which anybody could answer.
      const { tenant: _tenant, ...attempt } = scope;
      const body = { attempt: { ...attempt }, answer: jsonOf(answer) };
      const what = about(error, scope);
      await giveUp({ source: 'answers', about: digestOf(body), ...what, body }).catch(deps.onLost);
    },
    /** After this the engine cannot promise to go on by itself. */
    engineFailed: (error: unknown): void => {
      if (error instanceof UnavailableError) return;
      const { reason } = about(error);
      giveUp({ source: 'engine', about: reason, reason, body: null }).catch(deps.onLost);
    },
    /** A machine has ended, and its execution has not. */
    async machineEnded(execution: ExecutionId, error: unknown): Promise<void> {
      const what = { source: 'endings' as const, about: execution, ...about(error, { execution }) };
      await giveUp({ ...what, body: { execution } });
    },
  };
}

/** Does once more what was given up. */
export function createRedrive({
  engine,
  tenant,
  handleSecret,
}: Pick<DeadLettersDeps, 'engine' | 'tenant' | 'handleSecret'>): Redrive {
  const again: { readonly [Source in LetterSource]?: (body: JsonObject) => Promise<void> } = {
    // As they were written above.
    timers: (body) => engine().onTimer(body as unknown as Timer),
    endings: ({ execution }) => engine().resume(execution as ExecutionId),
    answers: async (body) => {
      const { attempt, answer } = body as unknown as { attempt: Attempt; answer: Answer };
      const handle = signHandle(handleSecret, { ...attempt, tenant });
      const { answers } = engine();
      if (answer.kind === 'complete') await answers.complete(handle, answer.output, answer.usage);
      else await answers.fail(handle, answer.error, answer.usage);
    },
  };
  return async ({ source }, body) => {
    const send = again[source];
    if (!send) return false;
    await send(body as JsonObject);
    return true;
  };
}

type Attempt = Omit<Parameters<typeof signHandle>[1], 'tenant'>;

/** The engine has understood the answer, and does not take it. */
function isRefusal(error: unknown): boolean {
  return (
    error instanceof ConflictError ||
    error instanceof NotFoundError ||
    error instanceof InvalidRequestError ||
    error instanceof UnavailableError
  );
}

function about(error: unknown, place: { readonly execution?: ExecutionId; readonly path?: FoundLetter['task'] } = {}) {
  const { execution, path: task } = place;
  return {
    reason: error instanceof Error ? error.message : String(error),
    ...(execution !== undefined && { execution }),
    ...(task !== undefined && { task }),
  };
}

/** Timers and answers are JSON; as interfaces they lack its index signature. */
function jsonOf(value: Timer | Answer): JsonObject {
  return value as unknown as JsonObject;
}
