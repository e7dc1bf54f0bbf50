import type { SkeinEvent } from '../execution/index.ts';

/** Carries committed events to whoever listens. The truth stays in the ledger: a listener that missed one reads it there. */
export interface EventBus {
  publish(events: readonly SkeinEvent[]): void;
}
