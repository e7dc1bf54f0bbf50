import type { ExecutionRecord } from './record.ts';

/** The record without its pause: for as long as that held, the execution's deadline has come no nearer. */
export function liftPause({ paused, ...record }: ExecutionRecord, now: number): ExecutionRecord {
  if (!paused) return record;
  const stood = Math.max(0, now - paused.at);
  return { ...record, deadline: record.deadline + stood, pausedFor: (record.pausedFor ?? 0) + stood };
}

/** The record once it has its turn: its clock begins now. `queued` says since when it has waited. */
export function liftQueue(record: ExecutionRecord, now: number): ExecutionRecord {
  const { queued, ...turn } = record.turn ?? {};
  const stood = Math.max(0, now - (queued?.at ?? now));
  return { ...record, turn, deadline: record.deadline + stood, pausedFor: (record.pausedFor ?? 0) + stood };
}
