import type { StoredValue } from '../core/execution/index.ts';
import type { ExecutionId } from '../core/ids/index.ts';
import type { Json } from '../core/json/index.ts';
import type { ViewFilter } from '../core/ports/index.ts';
import type { ExecutionView } from '../core/projections/index.ts';
import type { Reader } from '../local/index.ts';

/** An execution in a list. */
export type ExecutionHead = Pick<
  ExecutionView,
  'execution' | 'workflow' | 'version' | 'status' | 'startedAt' | 'endedAt' | 'parent' | 'queued'
>;

/** What verbs look at, in a database or in a deployment. */
export interface ExecutionReader extends Omit<
  Reader,
  | 'list'
  | 'value'
  | 'approvals'
  | 'breakers'
  | 'caches'
  | 'pools'
  | 'rates'
  | 'incidents'
  | 'incident'
  | 'compensations'
> {
  list(filter: ViewFilter): Promise<readonly ExecutionHead[]>;
  /** `execution` is the one that has recorded the value. */
  value(stored: StoredValue, execution: ExecutionId): Promise<Json>;
}
