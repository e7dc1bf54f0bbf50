import type { ExecutionId } from '../ids/index.ts';
import type { ExecutionView } from '../projections/index.ts';

export interface ViewFilter {
  readonly status?: string;
  readonly workflow?: string;
  /** At most this many, newest first. */
  readonly limit: number;
}

/** Read models. They can be dropped and rebuilt from the events at any time, and no decision reads them. */
export interface ViewStore {
  put(view: ExecutionView): Promise<void>;
  find(execution: ExecutionId): Promise<ExecutionView | undefined>;
  list(filter: ViewFilter): Promise<readonly ExecutionView[]>;
}
