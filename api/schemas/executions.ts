import * as z from 'zod';
import { undoStatuses } from '../../core/execution/index.ts';
import type { ExecutionView, TaskView } from '../../core/projections/index.ts';
import {
  anyJson,
  executionIdText,
  executionStatus,
  taskError,
  taskStatus,
  time,
  timeOf,
  workflowId,
} from './values.ts';

/** A value too large to be told here: GET …/artifacts/{digest} has it. */
const reference = z.object({ digest: z.string(), bytes: z.int() }).meta({ id: 'value_reference' });

const counts = z
  .object({
    total: z.int().meta({ description: 'That anything has happened to.' }),
    running: z.int(),
    waiting: z.int(),
    succeeded: z.int(),
    failed: z.int(),
    other: z.int().meta({ description: 'Skipped, cancelled, or never to run.' }),
  })
  .meta({ id: 'task_counts' });

const summaryShape = {
  execution_id: executionIdText,
  workflow_id: workflowId,
  version: z.string(),
  status: executionStatus,
  reason: z.string().optional().meta({ description: 'Why it is stopping, or was stopped.' }),
  queue: z
    .object({
      limit: z.enum(['max_executions', 'key']),
      size: z.int(),
      value: z.string().optional(),
      position: z.int().meta({ description: 'When it came, from 1; GET …/explain says where it stands now.' }),
      executions: z.array(executionIdText).meta({ description: 'Of those that it waits for.' }),
      since: time,
    })
    .optional()
    .meta({ description: 'Of a queued one.' }),
  started_at: time,
  ended_at: time.optional(),
  parent: z.object({ execution_id: executionIdText, task: z.string() }).optional(),
  tasks: counts,
  error: taskError.optional(),
};

export const executionSummary = z.object(summaryShape).meta({ id: 'execution_summary' });

/** Of each part of its budget that is counted. */
export const budgetUses = z
  .array(
    z.object({
      budget: z.enum(['usd', 'tokens', 'calls']),
      limit: z.number().meta({ description: 'What is allowed, with what people have added: dollars, tokens, calls.' }),
      used: z.number().meta({ description: 'Of calls that have ended; of `calls` all that were decided on.' }),
      reserved: z.number().meta({ description: 'What calls that go on may use at most.' }),
    }),
  )
  .meta({ description: 'Of an execution with a budget of money, tokens or calls; its children draw on it as well.' });

export const executionDetail = z
  .object({
    ...summaryShape,
    input: anyJson.optional(),
    input_reference: reference.optional(),
    output: anyJson.optional(),
    output_reference: reference.optional(),
    budget: budgetUses.optional(),
    paused: z.object({ by: z.string(), since: time, why: z.string().optional(), checkpoint_id: z.string() }).optional(),
  })
  .meta({ id: 'execution' });

export function summaryOf(view: ExecutionView): z.infer<typeof executionSummary> {
  const { execution, workflow, version, status, reason, queued, startedAt, endedAt, parent, error } = view;
  return {
    execution_id: execution,
    workflow_id: workflow,
    version,
    status,
    ...(reason !== undefined && { reason }),
    ...(queued && { queue: queueOf(queued) }),
    started_at: timeOf(startedAt),
    ...(endedAt !== undefined && { ended_at: timeOf(endedAt) }),
    ...(parent && { parent: { execution_id: parent.execution, task: parent.path } }),
    tasks: countsOf(view.tasks),
    ...(error && { error }),
  };
}

function queueOf({ holders, at, ...place }: NonNullable<ExecutionView['queued']>) {
  return { ...place, executions: [...holders], since: timeOf(at) };
}

const kinds: Readonly<Record<TaskView['status'], Exclude<keyof z.infer<typeof counts>, 'total'>>> = {
  pending: 'waiting',
  parked: 'waiting',
  running: 'running',
  succeeded: 'succeeded',
  failed: 'failed',
  skipped: 'other',
  upstream_failed: 'other',
  cancelled: 'other',
  unknown: 'other',
};

export function countsOf(tasks: readonly TaskView[]): z.infer<typeof counts> {
  const counted = { total: tasks.length, running: 0, waiting: 0, succeeded: 0, failed: 0, other: 0 };
  for (const { status } of tasks) counted[kinds[status]] += 1;
  return counted;
}

export const taskDetail = z
  .object({
    path: z.string(),
    status: taskStatus,
    agent: z.string().optional(),
    attempts: z.int(),
    cause: z.looseObject({ kind: z.string() }).optional().meta({ description: 'What it waits for.' }),
    round: z.int().optional(),
    calls: z.object({ items: z.int(), count: z.int(), settled: z.int(), failed: z.int() }).optional(),
    child: executionIdText.optional(),
    started_at: time.optional(),
    settled_at: time.optional(),
    output: anyJson.optional(),
    output_reference: reference.optional(),
    cached: z.object({ execution_id: executionIdText, task: z.string(), at: time }).optional().meta({
      description: 'Of one whose output is the answer to an earlier call: who made it, and when it was answered.',
    }),
    error: taskError.optional(),
    why: z.string().optional(),
    undo: z.enum(undoStatuses).optional().meta({ description: 'Of one whose effect a saga undoes: how far it is.' }),
  })
  .meta({ id: 'task_detail' });

/** Outputs that a ledger item holds are told; larger ones are named, because a page has many. */
export function taskOf(task: TaskView): z.infer<typeof taskDetail> {
  const { path, status, agent, attempts, cause, round, calls, child, startedAt, settledAt, output, error, why } = task;
  const { cached, undo } = task;
  return {
    path,
    status,
    ...(agent !== undefined && { agent }),
    attempts,
    ...(cause && { cause }),
    ...(round !== undefined && { round }),
    ...(calls && { calls }),
    ...(child !== undefined && { child }),
    ...(startedAt !== undefined && { started_at: timeOf(startedAt) }),
    ...(settledAt !== undefined && { settled_at: timeOf(settledAt) }),
    ...(output && ('inline' in output ? { output: output.inline } : referenceTo(output))),
    ...(cached && { cached: { execution_id: cached.execution, task: cached.task, at: timeOf(cached.at) } }),
    ...(error && { error }),
    ...(why !== undefined && { why }),
    ...(undo && { undo }),
  };
}

function referenceTo({ blob: digest, bytes }: { readonly blob: string; readonly bytes: number }) {
  return { output_reference: { digest, bytes } };
}
