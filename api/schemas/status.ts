import * as z from 'zod';
import { isTerminal } from '../../core/execution/index.ts';
import { taskIdOf } from '../../core/ids/index.ts';
import type { Plan } from '../../core/plan/index.ts';
import type { ExecutionView, TaskView } from '../../core/projections/index.ts';
import { budgetUses, countsOf, executionSummary } from './executions.ts';
import { executionIdText, executionStatus, taskError, workflowId } from './values.ts';

export const statusAnswer = z
  .object({
    workflow_id: workflowId,
    execution_id: executionIdText,
    status: executionStatus,
    current_phase: z.string().meta({
      description:
        'Ids of the tasks at work, else of those that wait for something besides other tasks, else the status.',
    }),
    agents: z.array(
      z.object({
        agent: z.string(),
        agent_type: z.string(),
        instances: z.int(),
        status: z.enum(['busy', 'idle']),
        tasks: executionSummary.shape.tasks,
      }),
    ),
    performance_metrics: z.object({
      elapsed_seconds: z.number(),
      tasks: executionSummary.shape.tasks,
      attempts: z.int(),
      retries: z.int().meta({ description: 'Attempts after the first one of their task.' }),
      progress: z.number().min(0).max(1).meta({ description: 'Share of the tasks of the plan that have settled.' }),
    }),
    budget: budgetUses.optional(),
    error_details: taskError
      .extend({ task: z.string().optional() })
      .optional()
      .meta({ description: 'Of an execution that failed, or is stopping because a task did.' }),
  })
  .meta({ id: 'workflow_status' });

/** Tasks that are named; of more, how many there are. */
const MOST_NAMED = 5;

export function statusOf(view: ExecutionView, plan: Plan, now: number): z.infer<typeof statusAnswer> {
  const { workflow, execution, status, tasks, startedAt, endedAt = now } = view;
  const attempts = tasks.reduce((sum, task) => sum + task.attempts, 0);
  const details = errorDetails(view);
  return {
    workflow_id: workflow,
    execution_id: execution,
    status,
    current_phase: phaseOf(view),
    agents: agentsOf(plan, tasks),
    performance_metrics: {
      elapsed_seconds: (endedAt - startedAt) / 1000,
      tasks: countsOf(tasks),
      attempts,
      retries: tasks.reduce((sum, task) => sum + Math.max(0, task.attempts - 1), 0),
      progress: progressOf(plan, view),
    },
    ...(details && { error_details: details }),
  };
}

function phaseOf({ status, tasks }: ExecutionView): string {
  if (isTerminal(status)) return status;
  const running = tasks.filter((task) => task.status === 'running');
  const waiting = tasks.filter(({ cause }) => cause && cause.kind !== 'dependency' && cause.kind !== 'pause');
  const ids = [...new Set((running.length > 0 ? running : waiting).map(({ path }) => taskIdOf(path)))];
  const more = ids.length - MOST_NAMED;
  return ids.slice(0, MOST_NAMED).join(', ') + (more > 0 ? ` and ${more} more` : '') || status;
}

function agentsOf({ agents }: Plan, tasks: readonly TaskView[]): z.infer<typeof statusAnswer>['agents'] {
  const byAgent = Map.groupBy(tasks, ({ agent }) => agent);
  return Object.entries(agents).map(([agent, { type, count }]) => {
    const counts = countsOf(byAgent.get(agent) ?? []);
    return {
      agent,
      agent_type: type,
      instances: count,
      status: counts.running > 0 ? ('busy' as const) : ('idle' as const),
      tasks: counts,
    };
  });
}

/** Of the outermost tasks: how many there are within loops and fan-outs shows only as they run. */
function progressOf({ members }: Plan, { status, tasks }: ExecutionView): number {
  if (isTerminal(status)) return 1;
  const outermost = new Set<string>(members);
  const settled = tasks.filter(({ path, settledAt }) => outermost.has(path) && settledAt !== undefined);
  return members.length === 0 ? 0 : settled.length / members.length;
}

/** The execution's own error, or the failure that is stopping it. */
function errorDetails({ error, reason, tasks }: ExecutionView): z.infer<typeof statusAnswer>['error_details'] {
  const failed = tasks.find((task) => task.status === 'failed');
  const own = error ?? (reason === 'failure' ? failed?.error : undefined);
  return own && { ...own, ...(failed && { task: failed.path }) };
}
