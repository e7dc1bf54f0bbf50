import * as z from 'zod';
import { answerProblem } from '../../core/agents/index.ts';
import type { Json } from '../../core/json/index.ts';
import { RequestProblem } from '../problem.ts';

/** Any JSON that is there at all. What parseJson gave is JSON. */
export const givenJson = z
  .unknown()
  .refine((value) => value !== undefined, 'is missing')
  .transform((value) => value as Json)
  .meta({ description: 'Any JSON, nested in 256 levels at most.' });

/** A value that the engine may walk through. Throws RequestProblem (400). */
export function takable(value: Json, code: string, what: string): Json {
  const problem = answerProblem(value);
  if (problem === undefined) return value;
  throw new RequestProblem({ status: 400, code, detail: `${what} cannot be taken: ${problem}.` });
}
