import { EngineError } from '../../core/errors/index.ts';
import { oneLine } from './one-line.ts';
import type { Style } from './style.ts';

/** What went wrong, for the person who typed the command: code, what, place, next step. */
export interface Complaint {
  readonly code: string;
  readonly message: string;
  readonly place: string;
  readonly next: string;
}

const REPORT = 'run it again with SKEIN_DEBUG=1 and report what it prints: this is a bug of Skein';

/** `commandLine` is the place of what has no other. */
export function complaintOf(error: unknown, commandLine: string): Complaint {
  if (!(error instanceof EngineError)) {
    const message = error instanceof Error ? error.message : String(error);
    return { code: 'unexpected_error', message, place: commandLine, next: REPORT };
  }
  const place = error.details['place'] ?? error.details['path'];
  return {
    code: error.code,
    message: error.message,
    place: typeof place === 'string' ? place : commandLine,
    next: error.hint ?? REPORT,
  };
}

export function renderComplaint({ code, message, place, next }: Complaint, style: Style): string {
  return [
    `${style('bad', 'error')} ${style('heading', code)}: ${oneLine(message)}`,
    `  ${style('quiet', 'at')}    ${oneLine(place)}`,
    `  ${style('quiet', 'next')}  ${oneLine(next)}`,
    '',
  ].join('\n');
}
