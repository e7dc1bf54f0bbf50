import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { logMetrics } from '@aws-lambda-powertools/metrics/middleware';
import { captureLambdaHandler } from '@aws-lambda-powertools/tracer/middleware';
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { logger, metrics, tracer } from './powertools.ts';
import type { Background } from './background.ts';

/** What every invocation has around it. */
export interface Invocation<Event> {
  /** What the lines of its log have in common. */
  readonly keysOf?: (event: Event) => Readonly<Record<string, string>>;
  /** Waited for before the handler returns. */
  readonly background?: Background;
}

/** A handler with its log, trace and metrics. Its error is logged once, here, and thrown on to who has invoked it. */
export function observed<Event, Answer>(
  handle: (event: Event, context: Context) => Promise<Answer>,
  { keysOf, background }: Invocation<Event> = {},
) {
  return middy<Event, Answer>()
    .use(captureLambdaHandler(tracer, { captureResponse: false }))
    .use(injectLambdaContext(logger, { resetKeys: true }))
    .use(logMetrics(metrics, { captureColdStartMetric: true }))
    .handler(async (event: Event, context: Context): Promise<Answer> => {
      if (keysOf) logger.appendKeys(keysOf(event));
      try {
        return await handle(event, context);
      } catch (error) {
        logger.error('the invocation failed', error instanceof Error ? error : String(error));
        throw error;
      } finally {
        await background?.settled();
      }
    });
}
