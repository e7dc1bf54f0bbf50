import { expect } from 'vitest';
import type { Scenario } from '../../simulation/index.ts';
import { allows } from './allows.ts';
import type { Observed } from './observed.ts';
import { reference } from './reference.ts';

/** Runs the reference and lets the judge look at it too: both were written from the same page. */
export function follow(scenario: Scenario): Observed {
  const observed = reference(scenario);
  expect(allows(scenario, observed)).toEqual([]);
  return observed;
}

/** The reference's result in short: `failed(Broken) @30 #2` failed after 30 ms in its second attempt. */
export function wayOf(scenario: Scenario): Record<string, string> {
  const { status, endedAt, tasks } = follow(scenario);
  const entries = tasks.map(({ path, status: one, error, settledAt, attempts }): [string, string] => {
    const name = one === 'failed' && error ? `(${error.name})` : '';
    return [path, `${one}${name} @${settledAt}${attempts > 0 ? ` #${attempts}` : ''}`];
  });
  return { ...Object.fromEntries(entries), execution: `${status} @${endedAt}` };
}
