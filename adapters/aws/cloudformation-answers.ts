import * as z from 'zod';
import { InvariantError, UnavailableError } from '../../core/errors/index.ts';

/** What CloudFormation asks of a custom resource. It waits for the answer at the URL, an hour if need be. */
export const stackRequest = z.object({
  RequestType: z.enum(['Create', 'Update', 'Delete']),
  ResponseURL: z.url(),
  StackId: z.string(),
  RequestId: z.string(),
  LogicalResourceId: z.string(),
  PhysicalResourceId: z.string().optional(),
  ResourceProperties: z.record(z.string(), z.unknown()),
});
export type StackRequest = z.infer<typeof stackRequest>;

/** What becomes of the resource. */
export type StackAnswer =
  | {
      /** The same as before, unless it is another thing now: CloudFormation deletes what is not named any more. */
      readonly physicalId: string;
      /** For `Fn::GetAtt`. */
      readonly data?: Readonly<Record<string, string>>;
    }
  | { readonly failed: string };

export interface StackAnswersDeps {
  readonly fetch: typeof fetch;
}

/** Characters: an answer has 4,096 bytes at the most (CloudFormation's limit), and a letter up to four of them. */
const LONGEST_REASON = 800;

/** Sends answers to CloudFormation. */
export interface StackAnswers {
  send(request: StackRequest, answer: StackAnswer): Promise<void>;
}

export function createStackAnswers({ fetch }: StackAnswersDeps): StackAnswers {
  return {
    async send(request, answer) {
      const { ResponseURL, StackId, RequestId, LogicalResourceId } = request;
      const about = { StackId, RequestId, LogicalResourceId };
      const body = JSON.stringify({ ...about, ...outcomeOf(request, answer) });
      const response = await asked(fetch(ResponseURL, { method: 'PUT', body, headers: { 'content-type': '' } }));
      if (!response.ok) throw refused(`it answered ${response.status}`);
    },
  };
}

function outcomeOf({ PhysicalResourceId, RequestId }: StackRequest, answer: StackAnswer): object {
  if ('failed' in answer) {
    // A failed creation needs an id as well: CloudFormation asks for its deletion by it.
    const id = PhysicalResourceId ?? `failed-${RequestId}`;
    return { Status: 'FAILED', Reason: answer.failed.slice(0, LONGEST_REASON), PhysicalResourceId: id };
  }
  return { Status: 'SUCCESS', PhysicalResourceId: answer.physicalId, Data: answer.data ?? {} };
}

async function asked(response: Promise<Response>): Promise<Response> {
  try {
    return await response;
  } catch (cause) {
    throw refused(cause instanceof Error ? cause.message : String(cause), cause);
  }
}

function refused(why: string, cause?: unknown): UnavailableError {
  return new UnavailableError({
    code: 'stack_not_answered',
    message: `CloudFormation did not take the answer: ${why}.`,
    cause,
  });
}

/** For a request that is none: nobody could be answered. */
export function readStackRequest(event: unknown): StackRequest {
  const parsed = stackRequest.safeParse(event);
  if (parsed.success) return parsed.data;
  throw new InvariantError({
    code: 'not_a_stack_request',
    message: `The event is no request of CloudFormation: ${z.prettifyError(parsed.error)}`,
  });
}
