import type { ExecutionId } from '../ids/index.ts';

/** The only source of randomness. */
export interface Ids {
  executionId(): ExecutionId;
  /** `eng_` and 128 random bits: one engine process, and no other. */
  engineId(): string;
  /** Uniform in [0, 1): jitter and random picks. */
  random(): number;
}
