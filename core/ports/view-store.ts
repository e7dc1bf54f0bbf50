import type { ExecutionId } from '../ids/index.ts';
import type { ExecutionView } from '../projections/index.ts';

/** A place in a list, which goes from the newest start to the oldest, and from the greatest id to the least. */
export interface ViewPosition {
  readonly startedAt: number;
  readonly execution: string;
}

export interface ViewFilter {
  readonly status?: string;
  readonly workflow?: string;
  /** Only those that stand behind this place. */
  readonly after?: ViewPosition;
  /** Only those that started at this time or later, in epoch milliseconds. */
  readonly since?: number;
  /** At most this many, newest first. */
  readonly limit: number;
}

/** Read models. They can be dropped and rebuilt from the events at any time, and no decision reads them. */
export interface ViewStore {
  /** In place of an earlier one. Where several processes put views of one execution, the one that has folded more events stays. */
  put(view: ExecutionView): Promise<void>;
  find(execution: ExecutionId): Promise<ExecutionView | undefined>;
  list(filter: ViewFilter): Promise<readonly ExecutionView[]>;
}
