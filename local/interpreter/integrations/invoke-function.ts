import type { Json } from '../../../core/json/index.ts';
import { invocationFailure } from '../state-failure.ts';
import type { Answers, TaskCall } from './integration.ts';

export function invokeFunction({ parameters, visit }: TaskCall): Answers {
  const { FunctionName, Payload = {} } = parameters;
  if (typeof FunctionName !== 'string') {
    throw visit.failure('States.Runtime', 'The Arguments name no function to invoke.');
  }
  return { response: responseOf(visit.surroundings.options.invoke(FunctionName, Payload)) };
}

async function responseOf(payload: Promise<Json>): Promise<Json> {
  try {
    return { ExecutedVersion: '$LATEST', Payload: await payload, StatusCode: 200 };
  } catch (reason) {
    throw invocationFailure(reason);
  }
}
