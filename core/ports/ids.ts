import type { ExecutionId, Handle } from '../ids/index.ts';

/** The only source of randomness. */
export interface Ids {
  executionId(): ExecutionId;
  handle(): Handle;
  /** Uniform in [0, 1): jitter and random picks. */
  random(): number;
}
