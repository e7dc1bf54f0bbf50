import { EngineError } from '../../core/errors/index.ts';

/** What the doctor found out about one thing. */
export interface Finding {
  /** What was looked at: `clock`, `token`, … */
  readonly check: string;
  readonly status: 'ok' | 'warning' | 'failed';
  /** A sentence without a full stop. */
  readonly message: string;
  /** What to do about it; absent where all is well. */
  readonly fix?: string;
}

export function ok(check: string, message: string): Finding {
  return { check, status: 'ok', message };
}

/** An error of ours is a finding: it says what to do about it. */
export function failed(check: string, error: unknown): Finding {
  if (!(error instanceof EngineError)) throw error;
  return { check, status: 'failed', message: error.message, ...(error.hint !== undefined && { fix: error.hint }) };
}
