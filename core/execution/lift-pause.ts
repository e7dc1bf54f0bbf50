import type { ExecutionRecord } from './record.ts';

/** The record without its pause: for as long as that held, the execution's deadline has come no nearer. */
export function liftPause({ paused, ...record }: ExecutionRecord, now: number): ExecutionRecord {
  if (!paused) return record;
  const stood = Math.max(0, now - paused.at);
  return { ...record, deadline: record.deadline + stood, pausedFor: (record.pausedFor ?? 0) + stood };
}
