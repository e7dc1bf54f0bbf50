import { STATUS_CODES } from 'node:http';
import type { DiagnosticRow } from '../core/diagnostics/index.ts';
import { EngineError, errorRow } from '../core/errors/index.ts';
import type { Json } from '../core/json/index.ts';

/** RFC 9457. `code` is stable and for programs; `detail` and `hint` are for people. */
export interface Problem {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly hint?: string;
  /** Members of the request that do not fit, by JSON pointer. */
  readonly errors?: readonly { readonly pointer: string; readonly detail: string }[];
  /** What is wrong with a definition. */
  readonly diagnostics?: readonly DiagnosticRow[];
  /** Figures that belong to the code. */
  readonly details?: { readonly [key: string]: Json };
}

/** Thrown where a request ends; what it says is what the caller reads. */
export class RequestProblem extends Error {
  override readonly name = 'RequestProblem';
  readonly problem: Problem;
  readonly headers: Record<string, string>;

  constructor(problem: Problem, headers: Record<string, string> = {}) {
    super(problem.detail);
    this.problem = problem;
    this.headers = headers;
  }
}

export function problemResponse({ status, ...rest }: Problem, headers: Record<string, string> = {}): Response {
  // Without a type of its own a problem is titled by its status; what happened exactly is said by `code`.
  const body = { type: 'about:blank', title: STATUS_CODES[status] ?? 'Error', status, ...rest };
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/problem+json', ...headers },
  });
}

/** What an error is to the caller. Bugs of ours are not told: their messages are for the log. */
export function problemOf(error: unknown): Problem {
  const status = error instanceof EngineError ? errorRow(error.name).http : 500;
  if (!(error instanceof EngineError) || status === 500) {
    return { status: 500, code: 'internal_error', detail: 'The engine met an error of its own and has logged it.' };
  }
  const { code, message, hint } = error;
  return { status, code, detail: message, ...(hint !== undefined && { hint }) };
}
