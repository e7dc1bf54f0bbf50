import { EngineError } from '../../core/errors/index.ts';
import type { Style } from './style.ts';

/** What went wrong, for the person who typed the command: code, what, place, next step. */
export interface Complaint {
  readonly code: string;
  readonly message: string;
  readonly place?: string;
  readonly next: string;
}

const REPORT = 'run it again with SKEIN_DEBUG=1 and report what it prints: this is a bug of Skein';

export function complaintOf(error: unknown): Complaint {
  if (!(error instanceof EngineError)) {
    return { code: 'unexpected_error', message: error instanceof Error ? error.message : String(error), next: REPORT };
  }
  const place = error.details['place'];
  return {
    code: error.code,
    message: error.message,
    ...(typeof place === 'string' && { place }),
    next: error.hint ?? REPORT,
  };
}

export function renderComplaint({ code, message, place, next }: Complaint, style: Style): string {
  const lines = [`${style('bad', 'error')} ${style('heading', code)}: ${message}`];
  if (place !== undefined) lines.push(`  ${style('quiet', 'at')}    ${place}`);
  lines.push(`  ${style('quiet', 'next')}  ${next}`);
  return `${lines.join('\n')}\n`;
}
