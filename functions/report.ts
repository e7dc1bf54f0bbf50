/** What a line of the log can be found by: `tenant`, `execution`, `path`. Never a token or a handle. */
export type Facts = Readonly<Record<string, string | number>>;

/** What is worth a person's look, or a place on a dashboard. */
export interface Report {
  /** Said once, by the handler: with what was going on. */
  error(message: string, error: unknown, facts?: Facts): void;
  info(message: string, facts: Facts): void;
  /** Adds to a metric of the invocation. */
  count(metric: Metric, value?: number): void;
}

/** Each counts events, not states: nothing is counted in a healthy system but `EventsPublished`. */
export type Metric =
  | 'AnswersLate'
  | 'DeadLetters'
  | 'EventsPublished'
  | 'FollowUpsFailed'
  | 'MachinesCreated'
  | 'SweepFinds'
  | 'TimersDropped';
