import type { ExecutionRecord } from '../../core/execution/index.ts';
import { executionId } from '../../core/ids/index.ts';
import { midnight } from '../makers/event-log.ts';

/** Of version 1 of `review`, started at midnight. */
export function anExecution(change: Partial<ExecutionRecord> = {}): ExecutionRecord {
  return {
    id: executionId('exec_1'),
    tenant: 'acme',
    workflow: 'review',
    version: '1',
    status: 'running',
    input: { inline: {} },
    startedAt: midnight,
    deadline: midnight + 86_400_000,
    lamport: 1,
    events: 1,
    revision: 1,
    ...change,
  };
}
