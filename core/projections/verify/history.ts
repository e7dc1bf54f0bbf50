import type {
  BusEvent,
  ExecutionRecord,
  LimitRecord,
  ParkedEntry,
  SkeinEvent,
  TaskRecord,
  Watch,
} from '../../execution/index.ts';
import type { Plan } from '../../plan/index.ts';
import type { ExecutionView } from '../execution-view.ts';

/** What the ledger holds of an execution; lists that were not read are left out. */
export interface LedgerRecords {
  readonly execution: ExecutionRecord;
  readonly tasks: readonly TaskRecord[];
  readonly limits?: readonly LimitRecord[];
  readonly parked?: readonly ParkedEntry[];
  readonly watches?: readonly Watch[];
  /** The executions that its tasks have started. */
  readonly children?: readonly ExecutionRecord[];
  /** Of the coordination bus, those that it has published. */
  readonly published?: readonly BusEvent[];
}

/** An execution's exported events, and whatever else of it can be held against them. */
export interface History {
  /** In any order. */
  readonly events: readonly SkeinEvent[];
  readonly plan?: Plan;
  readonly view?: ExecutionView;
  readonly records?: LedgerRecords;
  /** Digests of the values in the blob store. */
  readonly blobs?: ReadonlySet<string>;
}
