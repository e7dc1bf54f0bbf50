import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { createTimeSortedIds } from '../../core/ids/index.ts';
import type { Clock, Ids } from '../../core/ports/index.ts';

/** Lambda's clock. Times of different containers differ by milliseconds; no order rests on them. */
export const lambdaClock: Clock = { now: () => Date.now() };

/** Lets a running function wait. Milliseconds. */
export const lambdaPause = (milliseconds: number): Promise<void> => wait(milliseconds);

/** 256 random bits, for who shows a key. */
export function createLambdaSecret(): string {
  return randomBytes(32).toString('base64url');
}

/**
 * One engine for all containers: an attempt that any of them has brought to its agent is in good hands, whichever container
 * meets it next. Only one that is merely intended is called again.
 */
const ENGINE = 'eng_lambda';

export function createLambdaIds(clock: Clock): Ids {
  return {
    executionId: createTimeSortedIds({ now: () => clock.now(), draw: randomBytes }),
    engineId: () => ENGINE,
    random: () => Math.random(),
  };
}
