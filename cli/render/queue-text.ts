import type { QueuePlace } from '../../core/execution/index.ts';

/** Why a queued execution waits, as it was when it came: `number 2 for a place of 3 (max_executions)`. */
export function queueText({ limit, size, value = '', position, holders }: QueuePlace): string {
  if (limit === 'max_executions') return `number ${position} for one of ${size} places (max_executions)`;
  const [holder] = holders;
  return `number ${position} for the key ${value}${holder === undefined ? '' : `, which ${holder} has`}`;
}
