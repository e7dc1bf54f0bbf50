import { isJsonObject, type Json } from '../../../core/json/index.ts';
import { invocationFailure } from '../state-failure.ts';
import type { TaskAnswers } from '../task-answers.ts';
import type { Integration, TaskCall } from './integration.ts';

/** `lambda:invoke`: the function's answer is the Payload of the service's. */
export function invokeFunction({ parameters, visit }: TaskCall): TaskAnswers {
  const { FunctionName, Payload = {} } = isJsonObject(parameters) ? parameters : {};
  if (typeof FunctionName !== 'string') {
    throw visit.failure('States.Runtime', 'The Arguments name no function to invoke.');
  }
  const payload = visit.surroundings.options.invoke(FunctionName, Payload);
  return { response: payload.then(responseOf, failInvocation) };
}

const responseOf = (Payload: Json): Json => ({ ExecutedVersion: '$LATEST', Payload, StatusCode: 200 });

function failInvocation(reason: unknown): never {
  throw invocationFailure(reason);
}

/** A function's own ARN as Resource: its answer is the result as it stands. */
export function callFunction(arn: string): Integration {
  return ({ parameters, visit }) => ({
    response: visit.surroundings.options.invoke(arn, parameters).catch(failInvocation),
  });
}
