import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { Tracer } from '@aws-lambda-powertools/tracer';
import type { Report } from './report.ts';

// One of each for a container: their middlewares and our reports must speak of the same invocation.
export const logger = new Logger();
export const metrics = new Metrics();
export const tracer = new Tracer();

export function createReport(): Report {
  return {
    error: (message, error, facts = {}) =>
      logger.error(message, { ...facts, error: error instanceof Error ? error : new Error(String(error)) }),
    info: (message, facts) => logger.info(message, { ...facts }),
    count: (metric, value = 1) => void metrics.addMetric(metric, MetricUnit.Count, value),
  };
}
