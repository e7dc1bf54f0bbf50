import { answerProblem, type TaskError, type Usage } from '../../core/agents/index.ts';
import { ConflictError, NotFoundError } from '../../core/errors/index.ts';
import type { Handle } from '../../core/ids/index.ts';
import { parseJson } from '../../core/json/index.ts';
import type { AgentAnswers } from '../../core/ports/index.ts';

/** Brings answers to the engine; resolves in any case, because nobody could do anything about a failure here. */
export interface Delivery {
  /** `text` is JSON. */
  complete(handle: Handle, text: string, usage?: Usage): Promise<void>;
  fail(handle: Handle, error: TaskError, usage?: Usage): Promise<void>;
  heartbeat(handle: Handle): Promise<void>;
}

export interface DeliveryOptions {
  readonly answers: AgentAnswers;
  /** Hears when an answer could not be recorded. The attempt is then lost, and its timeout settles it. */
  readonly onError: (error: unknown) => void;
}

export function createDelivery({ answers, onError }: DeliveryOptions): Delivery {
  const deliver = async (answer: () => Promise<void>): Promise<void> => {
    try {
      await answer();
    } catch (error) {
      // Late answers are normal: the attempt timed out, or its execution was stopped.
      if (!(error instanceof ConflictError) && !(error instanceof NotFoundError)) onError(error);
    }
  };
  const fail: Delivery['fail'] = (handle, error, usage) => deliver(() => answers.fail(handle, error, usage));

  return {
    async complete(handle, text, usage) {
      const answer = parseJson(text);
      const problem = answerProblem(answer);
      if (problem === undefined) return deliver(() => answers.complete(handle, answer, usage));
      const message = `The answer cannot be taken: ${problem}.`;
      return fail(handle, { name: 'InvalidOutput', message }, usage);
    },
    fail,
    heartbeat: (handle) => deliver(() => answers.heartbeat(handle)),
  };
}
