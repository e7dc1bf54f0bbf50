import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import type { LambdaAgentCall, LambdaAgentType, TaskError } from '../../core/agents/index.ts';
import { InvariantError, UnavailableError } from '../../core/errors/index.ts';
import type { AgentAnswers, AgentCall, AgentRuntime } from '../../core/ports/index.ts';

export interface LambdaAgentRuntimeDeps {
  /** A client that calls under this role, for the engine's tenant; undefined: under the engine's own. */
  readonly clientFor: (roleArn: string | undefined) => Pick<LambdaClient, 'send'>;
  /** Of the tenant, for agent types that name none. */
  readonly roleArn?: string;
  readonly answers: Pick<AgentAnswers, 'fail'>;
}

/** Errors after which the same call would be refused again. All others pass. */
const refusals: Readonly<Record<string, TaskError['name']>> = {
  AccessDeniedException: 'PermissionDenied',
  ExpiredTokenException: 'PermissionDenied',
  InvalidParameterValueException: 'InvalidInput',
  InvalidRequestContentException: 'InvalidInput',
  // An asynchronous payload of more than 1 MB (Lambda's limit).
  RequestTooLargeException: 'InvalidInput',
  ResourceNotFoundException: 'AgentUnavailable',
};

/**
 * Agents as Lambda functions, invoked asynchronously: Lambda has taken the call once it has answered, and its record of the
 * invocation goes to the answer queue. Lambda knows no way to stop a function that runs, so `cancel` sends nothing.
 */
export function createLambdaAgentRuntime({ clientFor, roleArn, answers }: LambdaAgentRuntimeDeps): AgentRuntime {
  return {
    async call(call) {
      const agentType = lambdaTypeOf(call);
      const command = new InvokeCommand({
        FunctionName: agentType.functionArn,
        InvocationType: 'Event',
        Payload: Buffer.from(JSON.stringify(payloadOf(call))),
      });
      try {
        await clientFor(agentType.roleArn ?? roleArn).send(command);
      } catch (error) {
        const { name, message } = error instanceof Error ? error : new Error(String(error));
        const refusal = Object.hasOwn(refusals, name) ? refusals[name] : undefined;
        if (refusal === undefined) throw unreachable(agentType, error);
        await answers.fail(call.handle, { name: refusal, message: `${name}: ${message}`, retryable: false });
      }
    },
    cancel: async () => undefined,
    capacity: () => undefined,
    outlivesEngine: () => true,
  };
}

function payloadOf(call: AgentCall): LambdaAgentCall {
  const { handle, task: id, path, input, index, count } = call;
  const { execution, agent, attempt, idempotencyKey, deadline, slot } = call;
  return {
    v: 1,
    handle,
    task: { id, path, input, index, count },
    takesUsage: true,
    context: { execution, agent, attempt, idempotencyKey, deadline, ...(slot && { slot }) },
  };
}

function lambdaTypeOf({ agentType }: AgentCall): LambdaAgentType {
  if (agentType.runtime === 'lambda') return agentType;
  throw new InvariantError({ code: 'not_lambda', message: `Agent type ${agentType.name} is no Lambda one.` });
}

function unreachable({ functionArn }: LambdaAgentType, cause: unknown): UnavailableError {
  const why = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
  return new UnavailableError({ code: 'agent_unreachable', message: `${functionArn} was not called: ${why}`, cause });
}
