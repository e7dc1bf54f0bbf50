import type { TaskError } from '../../core/agents/index.ts';
import { BUDGET_CALLS, type ExecutionRecord, type Fact, type LimitRecord } from '../../core/execution/index.ts';
import type { ExecutionId } from '../../core/ids/index.ts';
import type { LedgerWrite } from '../../core/ports/index.ts';
import {
  isWorthAWarning,
  refusedCall,
  refusedChild,
  type BudgetLimits,
  type BudgetVerdict,
} from '../../core/resilience/index.ts';
import type { EngineContext } from '../engine-context.ts';
import type { Gate, GateWrites } from './gate.ts';

/**
 * The budgets of an execution and of those around it. A call is counted in the commit that decides on it, under the condition of the count
 * that allowed it: parallel tasks cannot overspend together.
 */
export const budgetGate: Gate = {
  async look(ctx, { execution }) {
    const writes: LedgerWrite[] = [];
    const facts: Fact[] = [];
    for (const owner of await ownersOf(ctx, execution)) {
      const { calls: limit } = owner.limits;
      const counted = limit === undefined ? undefined : await ctx.ledger.findLimit(owner.id, BUDGET_CALLS);
      const calls = counted?.used ?? 0;
      const refused = refusedCall(owner.limits, { calls, seconds: secondsOf(owner.record, ctx.clock.now()) });
      if (refused) return { kind: 'reject', writes: [], ...refusal(execution.id, owner.id, refused) };
      if (limit === undefined) continue;
      writes.push(countOf(owner.id, counted, calls + 1));
      if (!isWorthAWarning(limit, calls + 1)) continue;
      facts.push({ type: 'budget.warned', data: { of: owner.id, budget: 'calls', limit, used: calls + 1 } });
    }
    const { budgets } = execution;
    return { kind: 'pass', writes, facts, ...(writes.length > 0 && budgets && { holds: { budgets } }) };
  },

  async leave(ctx, { record, report }) {
    const held = record.attempt?.holds?.budgets;
    if (!held || report.kind !== 'withdrawn') return { writes: [] };
    const counts = await Promise.all(held.map((owner) => ctx.ledger.findLimit(owner, BUDGET_CALLS)));
    const writes = counts.flatMap((counted) =>
      counted?.used === undefined ? [] : [countOf(counted.execution, counted, counted.used - 1)],
    );
    return { writes };
  },
};

/** Why no child may start so deep (executions around it), with the fact that says so. Undefined: it may. */
export async function refuseDepth(
  ctx: EngineContext,
  execution: ExecutionRecord,
  depth: number,
): Promise<({ readonly error: TaskError } & GateWrites) | undefined> {
  for (const { id, record, limits } of await ownersOf(ctx, execution)) {
    const refused = refusedChild(limits, depth - (record.depth ?? 0));
    if (refused) return { writes: [], ...refusal(execution.id, id, refused) };
  }
  return undefined;
}

interface BudgetOwner {
  readonly id: ExecutionId;
  readonly record: ExecutionRecord;
  readonly limits: BudgetLimits;
}

async function ownersOf(ctx: EngineContext, execution: ExecutionRecord): Promise<readonly BudgetOwner[]> {
  return Promise.all(
    (execution.budgets ?? []).map(async (id) => {
      const record = id === execution.id ? execution : await ctx.getExecution(id);
      const { index } = await ctx.getWorkflow(record);
      return { id, record, limits: index.plan.budget ?? {} };
    }),
  );
}

/** What an execution pauses for is not its time. */
function secondsOf({ startedAt, pausedFor = 0 }: ExecutionRecord, now: number): number {
  return (now - startedAt - pausedFor) / 1000;
}

function countOf(execution: ExecutionId, before: LimitRecord | undefined, used: number): LedgerWrite {
  const record = { execution, limit: BUDGET_CALLS, holders: [], used, revision: (before?.revision ?? 0) + 1 };
  return { kind: 'limit', record };
}

function refusal(
  execution: ExecutionId,
  of: ExecutionId,
  verdict: BudgetVerdict,
): { readonly error: TaskError; readonly facts: readonly Fact[] } {
  const { budget, limit } = verdict;
  const said = {
    calls: `${limit} calls of agents are allowed`,
    wall_time: `${limit} s are allowed from its start on`,
    depth: `children may be ${limit} deep`,
  }[budget];
  const whose = of === execution ? '' : ` of ${of}`;
  return {
    error: { name: 'BudgetExceeded', message: `The budget \`${budget}\`${whose} is used up: ${said}.` },
    facts: [{ type: 'budget.exceeded', data: { of, ...verdict } }],
  };
}
