import type { TaskPath } from '../../ids/index.ts';

/** Each anomaly, and the number of the promise that it breaks: the list of "what an execution does", section 8. */
const promises = {
  history_without_start: 1,
  started_twice: 1,
  ended_twice: 1,
  event_after_end: 1,
  never_ended: 1,
  status_jump: 1,
  wrong_ending: 1,
  dispatched_while_paused: 1,
  forward_while_undoing: 1,

  settled_twice: 2,
  event_after_settlement: 2,
  never_settled: 2,
  attempt_out_of_order: 2,
  two_attempts_alive: 2,
  started_without_assignment: 2,
  retried_without_attempt: 2,
  answered_without_attempt: 2,
  attempts_miscounted: 2,
  parked_while_running: 2,
  cached_while_running: 2,
  skipped_after_attempt: 2,
  intervened_in_vain: 2,
  cancelled_while_running: 2,
  unknown_without_attempt: 2,
  opened_twice: 2,
  child_started_twice: 2,
  child_differs: 2,
  wrong_event: 2,
  emitted_unpublished: 2,
  published_unemitted: 2,

  view_differs: 3,
  record_differs: 3,

  missing_event: 4,
  duplicate_event: 4,
  foreign_event: 4,
  wrong_kind: 4,

  attempt_leaked: 5,
  limit_leaked: 5,
  limit_exceeded: 5,
  rate_exceeded: 5,
  budget_exceeded: 5,
  budget_miscounted: 5,
  parking_leaked: 5,
  watch_leaked: 5,
  waited_too_short: 5,

  undone_early: 6,
  undone_wrongly: 6,
  clock_not_increasing: 6,
  started_early: 6,
  ended_without_cause: 6,
  collected_early: 6,
  collected_wrongly: 6,
  settled_unopened: 6,
  acted_before_opening: 6,
  round_out_of_order: 6,
  round_early: 6,
  too_many_rounds: 6,
  calls_miscounted: 6,
  too_many_calls: 6,
  calls_at_once: 6,
  child_outlived: 6,

  record_missing: 7,
  value_missing: 7,
} as const;

export type AnomalyName = keyof typeof promises;

export interface Violation {
  readonly promise: (typeof promises)[AnomalyName];
  readonly name: AnomalyName;
  /** '' for the execution itself. */
  readonly path: TaskPath | '';
  /** One sentence in plain words. */
  readonly message: string;
}

export type Report = (name: AnomalyName, path: TaskPath | '', message: string) => void;

export function collectViolations(): { readonly found: readonly Violation[]; readonly report: Report } {
  const found: Violation[] = [];
  return { found, report: (name, path, message) => found.push({ promise: promises[name], name, path, message }) };
}
