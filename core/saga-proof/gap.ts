import type { Path } from '../definition/index.ts';
import type { Fate, SagaNode } from './saga-graph.ts';

/** Why an effect stays, is undone too early, or is left between back and forward. */
export type GapKind =
  /** It says nothing that would undo it. */
  | 'no_compensation'
  /** An event that was sent cannot be called back. */
  | 'event'
  /** What a child execution did is undone by nobody once it has succeeded. */
  | 'child'
  /** Its compensation reads its own output, which is not there when nobody knows how it ended. */
  | 'reads_own_output'
  /** Its compensation reads the output of a task that need not have one. */
  | 'reads_absent'
  /** It failed, and what it may have done by then is not undone. */
  | 'failure_not_undone'
  /** It may fail alone: the execution succeeds, and nobody asks what the failed attempt has done. */
  | 'failure_tolerated'
  /** Nothing is undone before an operator says so. */
  | 'rollback_off'
  /** It is undone while what came after it stays. */
  | 'undone_under'
  /** It is undone although the compensation of what came after it has failed. */
  | 'undone_after_failure'
  /** It fails after a pivot, from which the saga only goes forward. */
  | 'fails_after_pivot'
  /** It fails beside a pivot: one half goes forward, the other back. */
  | 'fails_beside_pivot'
  /** Too large, or too entangled, to be decided. */
  | 'undecided';

/** What ends the execution. */
export type Ending = 'cancel' | 'failure' | 'success' | 'compensation_failure';

/** A way to the gap. Tasks by path, `refine[1]/pay` in a loop; in the order of the graph. */
export interface Scenario {
  /** What has become of the tasks that matter for it when the execution ends; `running`: it never reports, and becomes `unknown`. */
  readonly fates: readonly { readonly task: string; readonly fate: Exclude<Fate, 'waiting'> }[];
  readonly ending: Ending;
  /** The task that fails, or during which the cancel or the timeout comes. */
  readonly by: string;
  /** The tasks whose effect stays. */
  readonly left: readonly string[];
}

export interface Gap {
  readonly kind: GapKind;
  /** The task that it is about, as the author wrote it; absent: the workflow. */
  readonly task?: string;
  /** Where it stands in the document. */
  readonly path: Path;
  readonly part?: 'key';
  /** One sentence. */
  readonly message: string;
  /** What to write instead. */
  readonly fix: string;
  /** Absent: nothing particular has to happen, or it could not be decided. */
  readonly scenario?: Scenario;
}

/** A way in which an effect may stay. */
export interface Doubt {
  readonly kind: GapKind;
  /** What has become of the task then. */
  readonly fate: Fate;
  /** The task whose output is not there. */
  readonly read?: SagaNode;
}
