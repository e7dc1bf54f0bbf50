import { readStackRequest, type StackAnswer, type StackAnswers, type StackRequest } from '../../adapters/aws/index.ts';
import type { Report } from '../report.ts';

/**
 * Answers CloudFormation in any case: a stack that hears nothing waits, and rolls back, for as long as its resource's timeout.
 * The event is never logged, because whoever has its URL could answer in our place.
 */
export function answerStack(
  answers: StackAnswers,
  report: Report,
  apply: (request: StackRequest) => Promise<StackAnswer>,
): (event: unknown) => Promise<void> {
  return async (event) => {
    const request = readStackRequest(event);
    const answer = await apply(request).catch((error: unknown): StackAnswer => {
      report.error(`${request.RequestType} of ${request.LogicalResourceId} failed`, error);
      return { failed: error instanceof Error ? error.message : String(error) };
    });
    await answers.send(request, answer);
  };
}
