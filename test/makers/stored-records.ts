import type { Plan } from '../../core/plan/index.ts';
import type { IdempotentRequest, PublishedWorkflow } from '../../core/ports/index.ts';
import type { ExecutionView } from '../../core/projections/index.ts';
import { taskPath } from '../../core/ids/index.ts';
import { digestOfText } from '../../core/json/index.ts';
import { midnight } from './event-log.ts';
import { anId } from './ledger-records.ts';

// A casting boundary: stores keep plans and never look into them, so this one need not come from the planner.
const plan = { tasks: [], edges: [], grace: 30 } as unknown as Plan;

export const aPublishedWorkflow = (change: Partial<PublishedWorkflow> = {}): PublishedWorkflow => ({
  name: 'review',
  version: '1.0.0',
  digest: 'a'.repeat(64),
  plan,
  machine: { StartAt: 'begin', States: {} },
  agentTypes: { linter: { name: 'linter', runtime: 'local', capabilities: [], module: '/agents/linter.ts' } },
  publishedAt: midnight,
  ...change,
});

export const aView = (change: Partial<ExecutionView> = {}): ExecutionView => ({
  execution: anId,
  workflow: 'review',
  version: '1',
  status: 'running',
  startedAt: midnight,
  input: { inline: {} },
  tasks: [{ path: taskPath('lint'), status: 'running', attempts: 1, firstLamport: 2 }],
  events: 2,
  ...change,
});

export const aRequest = (change: Partial<IdempotentRequest> = {}): IdempotentRequest => ({
  key: 'ann execute 1',
  digest: 'a'.repeat(64),
  id: 'exec_1',
  claimedAt: midnight,
  expiresAt: midnight + 1_000,
  ...change,
});

/** 450 KB even when it is compressed: digests are noise. */
export const aLargeView = (change: Partial<ExecutionView> = {}): ExecutionView => {
  const noise = Array.from({ length: 12_000 }, (_, at) => digestOfText(String(at))).join('');
  return aView({ output: { inline: noise }, ...change });
};
