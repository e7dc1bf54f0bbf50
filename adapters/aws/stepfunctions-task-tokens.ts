import { SendTaskFailureCommand, SendTaskSuccessCommand, type SFNClient } from '@aws-sdk/client-sfn';
import type { TaskTokens } from '../../core/ports/index.ts';
import { toEngineError } from './sdk-error.ts';
import { machineRefusals } from './stepfunctions-refusals.ts';

export interface TaskTokensDeps {
  readonly client: Pick<SFNClient, 'send'>;
  /** Hears of tokens that somebody waited with. */
  readonly onAnswer?: (token: string) => void;
}

/** Nobody waits with the token any more: answered, timed out, or its branch was aborted. */
const deadTokens: ReadonlySet<string> = new Set(['InvalidToken', 'TaskDoesNotExist', 'TaskTimedOut']);

/** Characters of an error's cause (Step Functions' limit). */
const LONGEST_CAUSE = 32_768;

export function createStepFunctionsTaskTokens({ client, onAnswer }: TaskTokensDeps): TaskTokens {
  const answered = async (token: string, sending: Promise<unknown>): Promise<boolean> => {
    try {
      await sending;
      onAnswer?.(token);
      return true;
    } catch (error) {
      if (error instanceof Error && deadTokens.has(error.name)) return false;
      throw toEngineError(error, { code: 'machines', name: 'Step Functions', refusals: machineRefusals });
    }
  };
  return {
    succeed: (taskToken, output) =>
      answered(taskToken, client.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify(output) }))),
    fail: (taskToken, error, cause) =>
      answered(
        taskToken,
        client.send(new SendTaskFailureCommand({ taskToken, error, cause: cause.slice(0, LONGEST_CAUSE) })),
      ),
  };
}
