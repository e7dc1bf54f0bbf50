import { randomBytes } from 'node:crypto';
import { createTimeSortedIds } from '../../core/ids/index.ts';
import type { Clock, Ids } from '../../core/ports/index.ts';

export function createSystemIds({ clock }: { clock: Clock }): Ids {
  return {
    executionId: createTimeSortedIds({ now: () => clock.now(), draw: randomBytes }),
    engineId: () => `eng_${randomBytes(16).toString('base64url')}`,
    random: () => Math.random(),
  };
}

/** `evt_` and 128 random bits: an event that somebody publishes from outside. */
export function createEventId(): string {
  return `evt_${randomBytes(16).toString('base64url')}`;
}

/** 256 random bits, for signing or for a bearer. */
export function createSecret(): string {
  return randomBytes(32).toString('base64url');
}
