import type { Json } from '../../core/json/index.ts';

/** `unknown_token` covers answered, timed out, aborted and never issued: to who answers late they are one thing. */
export type TokenAnswer = 'ok' | 'unknown_token';

/** A state that waits for its token. */
export interface WaitingTask {
  readonly succeed: (output: Json) => void;
  readonly fail: (error: string | undefined, cause: string | undefined) => void;
  readonly beat: () => void;
}

export interface TaskTokens {
  readonly size: number;
  open(token: string, task: WaitingTask): void;
  close(token: string): void;
  succeed(token: string, output: Json): TokenAnswer;
  fail(token: string, error: string | undefined, cause: string | undefined): TokenAnswer;
  beat(token: string): TokenAnswer;
}

export function createTaskTokens(): TaskTokens {
  const waiting = new Map<string, WaitingTask>();

  function tell(token: string, answer: (task: WaitingTask) => void): TokenAnswer {
    const task = waiting.get(token);
    if (!task) return 'unknown_token';
    answer(task);
    return 'ok';
  }

  /** The first answer closes the token, so that a second one finds nothing. */
  function settle(token: string, answer: (task: WaitingTask) => void): TokenAnswer {
    const answered = tell(token, answer);
    waiting.delete(token);
    return answered;
  }

  return {
    get size() {
      return waiting.size;
    },
    open: (token, task) => void waiting.set(token, task),
    close: (token) => void waiting.delete(token),
    succeed: (token, output) => settle(token, (task) => task.succeed(output)),
    fail: (token, error, cause) => settle(token, (task) => task.fail(error, cause)),
    beat: (token) => tell(token, (task) => task.beat()),
  };
}
