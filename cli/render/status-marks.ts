import type { ExecutionStatus, TaskStatus } from '../../core/execution/index.ts';
import type { Meaning } from './style.ts';

interface Mark {
  readonly glyph: string;
  readonly meaning: Meaning;
}

export const taskMarks: Readonly<Record<TaskStatus, Mark>> = {
  pending: { glyph: '·', meaning: 'quiet' },
  parked: { glyph: '…', meaning: 'warning' },
  running: { glyph: '▸', meaning: 'active' },
  succeeded: { glyph: '✓', meaning: 'good' },
  failed: { glyph: '✗', meaning: 'bad' },
  skipped: { glyph: '–', meaning: 'quiet' },
  upstream_failed: { glyph: '⊘', meaning: 'warning' },
  cancelled: { glyph: '■', meaning: 'warning' },
  unknown: { glyph: '?', meaning: 'bad' },
};

export const executionMeanings: Readonly<Record<ExecutionStatus, Meaning>> = {
  planning: 'quiet',
  queued: 'warning',
  running: 'active',
  paused: 'warning',
  stopping: 'warning',
  succeeded: 'good',
  failed: 'bad',
  cancelled: 'warning',
  timed_out: 'bad',
  compensating: 'warning',
  compensated: 'warning',
  compensation_failed: 'bad',
};
