import { AssertionError } from 'node:assert';
import type { TaskError } from '../../core/agents/index.ts';
import { errorRow } from '../../core/errors/index.ts';
import type { Json } from '../../core/json/index.ts';
import type { AgentRun } from './call-agent.ts';

/** An error as a retry policy sees it. */
export interface AgentFailure extends TaskError {
  /** The agent's own word, or the engine's table where it said none. */
  readonly retryable: boolean;
}

/** What the agent answered. Throws AssertionError when it failed. */
export function outputOf({ outcome, thrown }: AgentRun): Json {
  if ('output' in outcome) return outcome.output;
  throw new AssertionError({
    message: `The agent failed with ${outcome.error.name}: ${outcome.error.message}`,
    actual: thrown,
  });
}

/** How the agent failed. Throws AssertionError when it answered, or failed under another name than the expected one. */
export function failureOf({ outcome }: AgentRun, expected?: string): AgentFailure {
  if ('output' in outcome) {
    throw new AssertionError({
      message: `The agent did not fail${expected === undefined ? '' : ` with ${expected}`}: it answered.`,
      actual: outcome.output,
      expected,
    });
  }
  const { error } = outcome;
  if (expected !== undefined && error.name !== expected) {
    throw new AssertionError({
      message: `The agent failed with ${error.name}, not with ${expected}: ${error.message}`,
      actual: error.name,
      expected,
    });
  }
  return { ...error, retryable: error.retryable ?? errorRow(error.name).retryable };
}
