import type { EngineState, FaultKind, Planted } from './engine-model.ts';
import type { Model } from './explore.ts';

/** How large a model is. */
export interface Bounds {
  readonly processes: number;
  readonly faults: number;
  readonly planted?: Planted;
  /** Without stream and sweeper. */
  readonly alone?: true;
}

/** What is explored of a protocol: exhaustively, or so many of the nearest states. */
export interface Extent extends Bounds {
  readonly most?: number;
}

export interface Protocol {
  readonly name: string;
  readonly title: string;
  /** What is explored, in one sentence. */
  readonly about: string;
  readonly bounds: readonly Extent[];
  create(bounds: Bounds): Promise<Model<EngineState>>;
}

/** All that can go wrong. */
export const kinds: readonly FaultKind[] = ['lost answer', 'crash', 'twice'];

const policy = { interval: 1, backoffRate: 1, maxDelay: 1, jitter: 'none' } as const;
/** Retry policies by how often a task is tried. */
export const once = { ...policy, maxAttempts: 1 } as const;
export const twice = { ...policy, maxAttempts: 2 } as const;
