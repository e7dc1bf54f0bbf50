import type { LambdaAgentCall } from '../../core/agents/index.ts';
import { parseJson, type Json } from '../../core/json/index.ts';

/** What Lambda sends to a destination after an asynchronous invocation. */
export interface InvocationRecord {
  readonly version: '1.0';
  readonly timestamp: string;
  readonly requestContext: {
    readonly requestId: string;
    readonly functionArn: string;
    readonly condition: 'Success' | 'RetriesExhausted';
    readonly approximateInvokeCount: number;
  };
  readonly requestPayload: Json;
  readonly responseContext: {
    readonly statusCode: number;
    readonly executedVersion: string;
    readonly functionError?: 'Unhandled';
  };
  readonly responsePayload: Json;
}

export interface InvocationOptions {
  /** Until Lambda would kill the function, in milliseconds; default 60,000. */
  readonly remainingMs?: number;
}

/** A Lambda handler as `toLambda` gives it. */
type Handler = (event: never, context: never) => Promise<unknown>;

const FUNCTION_ARN = 'arn:aws:lambda:eu-central-1:123456789012:function:agent:$LATEST';
/** Nothing reads it but people: 21 November 2026. */
const RECORDED_AT = '2026-11-21T12:00:00.000Z';

/** The event of a first attempt with this input; `deadline` is far away. */
export function lambdaCall(
  input: Json,
  {
    task,
    context,
    ...change
  }: Partial<Omit<LambdaAgentCall, 'task' | 'context'>> & {
    readonly task?: Partial<LambdaAgentCall['task']>;
    readonly context?: Partial<LambdaAgentCall['context']>;
  } = {},
): LambdaAgentCall {
  return {
    v: 1,
    handle: 'hdl_test',
    task: { id: 'task', path: 'task', input, index: 0, count: 1, ...task },
    context: {
      execution: 'exec_test',
      agent: 'agent',
      attempt: 1,
      idempotencyKey: 'exec_test/task',
      deadline: Date.UTC(2100, 0),
      ...context,
    },
    ...change,
  };
}

/** Invokes the handler as Lambda does, and gives what its destination would get. Resolves also when it throws. */
export async function invokeLambda(
  handler: Handler,
  event: unknown,
  { remainingMs = 60_000 }: InvocationOptions = {},
): Promise<InvocationRecord> {
  // Through text and back, as everything that enters and leaves a Lambda.
  const payload = throughText(event);
  const context = {
    awsRequestId: 'request-1',
    functionName: 'agent',
    invokedFunctionArn: FUNCTION_ARN,
    getRemainingTimeInMillis: () => remainingMs,
  };
  try {
    // The handler of an agent reads nothing else of its context.
    const answer = await handler(throughText(event) as never, context as never);
    return recordOf(payload, 'Success', throughText(answer));
  } catch (thrown) {
    return recordOf(payload, 'RetriesExhausted', errorOf(thrown));
  }
}

function throughText(value: unknown): Json {
  return parseJson(JSON.stringify(value ?? null));
}

/** As Lambda's Node.js runtime renders what a handler throws. */
function errorOf(thrown: unknown): Json {
  if (!(thrown instanceof Error)) return { errorType: typeof thrown, errorMessage: String(thrown), trace: [] };
  const { name, message, stack = '' } = thrown;
  return { errorType: name, errorMessage: message, trace: stack.split('\n') };
}

function recordOf(
  requestPayload: Json,
  condition: InvocationRecord['requestContext']['condition'],
  responsePayload: Json,
): InvocationRecord {
  return {
    version: '1.0',
    timestamp: RECORDED_AT,
    requestContext: { requestId: 'request-1', functionArn: FUNCTION_ARN, condition, approximateInvokeCount: 1 },
    requestPayload,
    responseContext: {
      statusCode: 200,
      executedVersion: '$LATEST',
      ...(condition !== 'Success' && { functionError: 'Unhandled' }),
    },
    responsePayload,
  };
}
