import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import type { Context, SQSBatchResponse, SQSRecord } from 'aws-lambda';
import type * as z from 'zod';
import { findIn } from './read-message.ts';
import type { Facts, Report } from './report.ts';

/** What we read of messages from SQS. */
export interface Messages {
  readonly Records: readonly Pick<SQSRecord, 'body' | 'messageId'>[];
}

interface Taking {
  readonly take: (body: string) => Promise<void>;
  /** What a message is about, for the log; one that does not say so is logged without. */
  readonly about: z.ZodType<Facts>;
}

/** Each message for itself: one that fails is tried again alone, and becomes a dead letter when its tries are used up. */
export function eachMessage(report: Report, { take, about }: Taking) {
  const processor = new BatchProcessor(EventType.SQS);
  const takeRecord = async ({ body, messageId }: Messages['Records'][number]): Promise<void> => {
    try {
      await take(body);
    } catch (error) {
      report.error('a message failed', error, { ...findIn(about, body), messageId });
      throw error;
    }
  };
  return ({ Records }: Messages, context: Context): Promise<SQSBatchResponse> =>
    // The processor asks for all that SQS says of a message, and reads no more of it than its id.
    processPartialResponse({ Records: Records as SQSRecord[] }, takeRecord, processor, {
      context,
      throwOnFullBatchFailure: false,
    });
}
