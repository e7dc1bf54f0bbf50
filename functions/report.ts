/** What is worth a person's look, or a place on a dashboard. */
export interface Report {
  /** Said once, by the handler: with what was going on. */
  error(message: string, error: unknown): void;
  info(message: string, facts: Readonly<Record<string, string | number>>): void;
  /** Adds to a metric of the invocation. */
  count(metric: Metric, value?: number): void;
}

/** Each counts events, not states: nothing is counted in a healthy system but `EventsPublished`. */
export type Metric =
  'AnswersLate' | 'EventsPublished' | 'FollowUpsFailed' | 'MachinesCreated' | 'SweepFinds' | 'TimersDropped';
