import * as z from 'zod';
import {
  answerProblem,
  readLambdaAnswer,
  taskErrorOfLambda,
  usageOfLambda,
  type TaskError,
  type Usage,
} from '../../core/agents/index.ts';
import { usageProblem } from '../../core/answers/index.ts';
import { ConflictError, NotFoundError } from '../../core/errors/index.ts';
import { handle, type Handle } from '../../core/ids/index.ts';
import type { Json } from '../../core/json/index.ts';
import type { AgentAnswers } from '../../core/ports/index.ts';
import { readMessage } from '../read-message.ts';
import type { Runtime } from '../runtime.ts';

/** What Lambda tells of an asynchronous invocation when it is over, as far as we ask. */
const invocationRecord = z.object({
  requestContext: z.object({ condition: z.string() }),
  requestPayload: z.object({ handle: z.string() }),
  responsePayload: z.unknown().optional(),
});

/** The task that the function was called for. */
export const aboutRecord = z
  .object({
    requestPayload: z.object({ task: z.object({ path: z.string() }), context: z.object({ execution: z.string() }) }),
  })
  .transform(({ requestPayload: { task, context } }) => ({ execution: context.execution, path: task.path }));

const failure = z.object({ errorType: z.string().optional(), errorMessage: z.string().optional() });

type InvocationRecord = z.infer<typeof invocationRecord>;

/**
 * Settles the attempt that an invocation was made for. An answer that comes too late, or a second time, is no error of the record:
 * it is counted and forgotten, because it would be refused again.
 */
export async function settleRecord(runtime: Runtime, body: string): Promise<void> {
  const record = readMessage(invocationRecord, body);
  const called = handle(record.requestPayload.handle);
  const tenant = await runtime.tenantOf(called);
  if (tenant === undefined) return late(runtime, 'handle_unknown');
  const { engine } = await runtime.forTenant(tenant);
  try {
    await answer(engine.answers, called, { record, report: runtime.report });
  } catch (error) {
    if (!(error instanceof ConflictError) && !(error instanceof NotFoundError)) throw error;
    late(runtime, error.code);
  }
}

interface Heard {
  readonly record: InvocationRecord;
  readonly report: Runtime['report'];
}

async function answer(answers: AgentAnswers, called: Handle, { record, report }: Heard): Promise<void> {
  const { requestContext, responsePayload = null } = record;
  if (requestContext.condition !== 'Success') {
    const told = failure.safeParse(responsePayload);
    const said = told.success ? usageOfLambda(told.data) : undefined;
    return answers.fail(called, errorOf(requestContext.condition, responsePayload), usageIn(said, report));
  }
  // It was read from JSON text.
  const { output, usage } = readLambdaAnswer(responsePayload as Json);
  const used = usageIn(usage, report);
  const problem = answerProblem(output);
  if (problem === undefined) return answers.complete(called, output, used);
  const message = `The answer cannot be taken: ${problem}.`;
  return answers.fail(called, { name: 'InvalidOutput', message }, used);
}

/** A usage that is none is left out: the answer beside it is worth more. */
function usageIn(said: Json | undefined, report: Runtime['report']): Usage | undefined {
  if (said === undefined) return undefined;
  const problem = usageProblem(said);
  // Checked right here.
  if (problem === undefined) return said as Usage;
  report.info('a usage that was not counted', { problem });
  return undefined;
}

/** Without an error of its own the function never ran: Lambda was throttled, or the event grew too old. */
function errorOf(condition: string, responsePayload: unknown): TaskError {
  const told = failure.safeParse(responsePayload);
  const isSaid = told.success && (told.data.errorType !== undefined || told.data.errorMessage !== undefined);
  if (isSaid) return taskErrorOfLambda(told.data);
  return { name: 'AgentUnavailable', message: `Lambda did not run the agent's function (${condition}).` };
}

function late({ report }: Runtime, code: string): void {
  report.info('an answer that nobody waits for', { code });
  report.count('AnswersLate');
}
