import type { Hono } from 'hono';
import { problemOf, problemResponse, RequestProblem } from './problem.ts';

/** Whatever is thrown leaves as problem+json, and so does what nobody serves. `onError` hears of errors that are the engine's own. */
export function answerErrors(app: Hono, onError?: (error: unknown) => void): void {
  app.notFound(({ req }) =>
    problemResponse({ status: 404, code: 'no_such_route', detail: `There is no ${req.path}.` }),
  );
  app.onError((error) => {
    if (error instanceof RequestProblem) return problemResponse(error.problem, error.headers);
    const problem = problemOf(error);
    if (problem.status === 500) onError?.(error);
    return problemResponse(problem, problem.status === 503 ? { 'retry-after': '1' } : {});
  });
}
