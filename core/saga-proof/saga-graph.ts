import type { Path } from '../definition/index.ts';

/**
 * What has become of a node when the execution stops. `running`: it began and has not settled, which makes it `unknown` when it
 * stays silent. `waiting`: it has not begun.
 */
export type Fate = 'succeeded' | 'failed' | 'skipped' | 'upstream_failed' | 'running' | 'waiting';

/** What a task does outside, and whether the saga undoes it. */
export interface Effect {
  readonly kind: 'call' | 'event' | 'child';
  /** The saga undoes it when this has become of the task. */
  readonly undone: readonly Fate[];
  /** The effect may be there then, and nothing undoes it. */
  readonly left: readonly Fate[];
  /** Its compensation reads what is there only when the task has succeeded. */
  readonly readsOwn: boolean;
  /** It is in the set to undo also when it failed. */
  readonly undoesFailure: boolean;
  /** Nodes whose output its compensation cannot do without. */
  readonly reads: readonly number[];
}

/** A task in a place: in a loop there is one for each of two iterations. Beside tasks, where containers open and close. */
export interface SagaNode {
  /** Its number: after those of everything that it depends on. */
  readonly at: number;
  readonly task: string;
  /** With the containers around it, for people. */
  readonly name: string;
  readonly path: Path;
  /** Absent: it is no task, but the beginning or the end of a container. */
  readonly isTask: boolean;
  /** The nodes that its fate depends on. */
  readonly before: readonly number[];
  /**
   * The nodes that run no more once it has succeeded or was skipped; `isGood`: nor has one of them failed, so that the same holds of it.
   */
  readonly after: readonly { readonly node: number; readonly isGood: boolean }[];
  /** Pivots that come before it. */
  readonly pivotsBefore: readonly number[];
  readonly isPivot: boolean;
  readonly effect?: Effect;
  /** It may fail, whatever else happens. */
  readonly mayFail: boolean;
  /** Its failure does not stop the execution, nor make it fail. */
  readonly isTolerated: boolean;
  /** Some calls of its list may fail, and it succeeds all the same. */
  readonly toleratesItems: boolean;
  /** Every error that can be retried is. */
  readonly isRetried: boolean;
  /** What may become of it, the likely first; `isLast`: nothing that is asked about comes after it. */
  options(fates: readonly Fate[], isLast: boolean): readonly Fate[];
  /** The same where of each node only the possible fates are known; never too few. */
  mayBe(fates: readonly ReadonlySet<Fate>[], isLast: boolean): ReadonlySet<Fate>;
}

export interface SagaGraph {
  readonly nodes: readonly SagaNode[];
  /** False: it was too large, and is cut off. */
  readonly isWhole: boolean;
}
