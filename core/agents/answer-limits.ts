import { isDeeperThan, type Json } from '../json/index.ts';

/** The largest answer of an agent, as UTF-8 JSON text. What is larger belongs into a file that the answer names. */
export const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

/** A tenth of the nesting at which the recursive walks of the engine (schemas, canonical text) overflow their stack. */
const MAX_ANSWER_LEVELS = 256;

/** Why the engine cannot take this answer; undefined when it can. */
export function answerProblem(answer: Json): string | undefined {
  return isDeeperThan(answer, MAX_ANSWER_LEVELS) ? `it is nested deeper than ${MAX_ANSWER_LEVELS} levels` : undefined;
}
