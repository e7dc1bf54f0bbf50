import { describe, expect, it } from 'vitest';
import { isRetryable, retryDelay } from '../../../core/execution/index.ts';
import type { RetryPolicy } from '../../../core/plan/index.ts';

const policy: RetryPolicy = { maxAttempts: 4, interval: 2, backoffRate: 3, maxDelay: 10, jitter: 'none' };
const error = { name: 'Flaky', message: 'no luck' };
const half = () => 0.5;

describe('retryDelay', () => {
  it('grows by the rate and stops at the cap, in milliseconds', () => {
    expect([1, 2, 3].map((attempt) => retryDelay(policy, attempt, error, half))).toEqual([2000, 6000, 10_000]);
  });

  it('is undefined after the last attempt', () => {
    expect(retryDelay(policy, 4, error, half)).toBeUndefined();
  });

  it('is drawn from the whole range under full jitter', () => {
    expect(retryDelay({ ...policy, jitter: 'full' }, 1, error, half)).toBe(1000);
    expect(retryDelay({ ...policy, jitter: 'full' }, 1, error, () => 0)).toBe(0);
  });

  it('retries only what retry_on names', () => {
    const picky = { ...policy, retryOn: ['AgentThrottled'] };

    expect(retryDelay(picky, 1, error, half)).toBeUndefined();
    expect(retryDelay(picky, 1, { name: 'AgentThrottled', message: '' }, half)).toBe(2000);
  });

  it('obeys retry_after even beyond the cap', () => {
    expect(retryDelay(policy, 1, { ...error, retryAfter: 30 }, half)).toBe(30_000);
  });

  it('never retries what the table calls final, whatever retry_on says', () => {
    const eager = { ...policy, retryOn: ['InvalidInput'] };

    expect(retryDelay(eager, 1, { name: 'InvalidInput', message: '' }, half)).toBeUndefined();
  });
});

describe('isRetryable', () => {
  it("takes the agent's word that it must not be, and never its word against the table", () => {
    expect(isRetryable({ name: 'AttemptTimeout', message: '', retryable: false })).toBe(false);
    expect(isRetryable({ name: 'InvalidInput', message: '', retryable: true })).toBe(false);
  });

  it('holds an error nobody knows for retryable', () => {
    expect(isRetryable({ name: 'SomethingOfTheAgent', message: '' })).toBe(true);
    expect(isRetryable({ name: 'toString', message: '' })).toBe(true);
  });
});
