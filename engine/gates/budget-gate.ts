import type { AgentType, TaskError } from '../../core/agents/index.ts';
import {
  BUDGET,
  budgetApprovalIdOf,
  budgetKey,
  type BudgetHold,
  type ExecutionRecord,
  type Fact,
  type LimitRecord,
} from '../../core/execution/index.ts';
import type { ExecutionId } from '../../core/ids/index.ts';
import type { LedgerWrite } from '../../core/ports/index.ts';
import {
  amountsOf,
  askInstead,
  budgetWords,
  decideCall,
  keepsAccount,
  limitsNow,
  isLostCall,
  isMetered,
  noAmounts,
  refusedChild,
  reservedFor,
  settleCall,
  unusedBudget,
  withdrawCall,
  type Amounts,
  type BudgetAccount,
  type BudgetAsker,
  type BudgetDecision,
  type BudgetLimits,
  type BudgetVerdict,
} from '../../core/resilience/index.ts';
import type { EngineContext } from '../engine-context.ts';
import type { FollowUps } from '../follow-up.ts';
import { wakeParked, type Gate, type GateWrites, type Leaving, type Passage } from './gate.ts';

/**
 * The budgets of an execution and of those around it. A call is counted, and what it may use at most is reserved, in the commit that decides
 * on it, under the condition of the account that allowed it: parallel tasks cannot overspend together. The commit that ends it puts what
 * it has used in place of what was reserved.
 */
export const budgetGate: Gate = {
  async look(ctx, { execution, agentType, record }) {
    const most = mostOf(agentType);
    const owners = await ownersOf(ctx, execution);
    const asker = { execution: execution.id, task: record.path, at: ctx.clock.now() };
    const looks = await Promise.all(owners.map((owner) => lookAt(ctx, owner, { most, asker })));
    const said =
      looks.find(({ decision }) => decision.kind === 'refuse') ??
      looks.find(({ decision }) => decision.kind === 'ask') ??
      looks.find(({ decision }) => decision.kind === 'wait');
    if (said && said.decision.kind !== 'pass') return stopAt(execution.id, said, said.decision);
    const writes: LedgerWrite[] = [];
    const facts: Fact[] = [];
    const budgets: BudgetHold[] = [];
    for (const { owner, before, decision } of looks) {
      if (decision.kind !== 'pass' || !keepsAccount(owner.limits)) continue;
      const reserved = reservedFor(owner.limits, most);
      budgets.push({ of: owner.id, ...(reserved && { reserved }) });
      writes.push(accountWrite(owner.id, before, decision.account));
      facts.push(...warnings(owner.id, decision.warned));
    }
    return { kind: 'pass', writes, facts, ...(budgets.length > 0 && { holds: { budgets } }) };
  },

  async leave(ctx, leaving) {
    const { record, report } = leaving;
    const held = (record.attempt?.holds?.budgets ?? []).filter(
      ({ reserved }) => reserved !== undefined || report.kind === 'withdrawn',
    );
    const left = await Promise.all(held.map((hold) => leaveOne(ctx, leaving, hold)));
    return { writes: left.flatMap(({ writes }) => writes), facts: left.flatMap(({ facts }) => facts ?? []) };
  },
};

/** Who waits for room in the budgets on which an execution draws, because a call of it has ended. */
export async function wakeForBudgets(ctx: EngineContext, execution: ExecutionRecord): Promise<FollowUps> {
  const metered = (await ownersOf(ctx, execution)).filter(({ limits }) => isMetered(limits));
  return (await Promise.all(metered.map(({ id }) => wakeParked(ctx, budgetKey(id))))).flat();
}

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
      return { id, record, limits: await limitsOf(ctx, record) };
    }),
  );
}

async function limitsOf(ctx: EngineContext, execution: ExecutionRecord): Promise<BudgetLimits> {
  return (await ctx.getWorkflow(execution)).index.plan.budget ?? {};
}

/** What one call of an agent may use at most; people use nothing that is counted here. */
function mostOf({ runtime, cost = {} }: AgentType): Partial<Amounts> {
  return runtime === 'human' ? noAmounts : amountsOf(cost);
}

interface BudgetLook {
  readonly owner: BudgetOwner;
  /** Undefined: nothing is recorded yet, or nothing is counted. */
  readonly before: LimitRecord | undefined;
  readonly decision: BudgetDecision;
}

async function lookAt(
  ctx: EngineContext,
  owner: BudgetOwner,
  { most, asker }: { readonly most: Partial<Amounts>; readonly asker: BudgetAsker },
): Promise<BudgetLook> {
  const { id, limits, record } = owner;
  const before = keepsAccount(limits) ? await ctx.ledger.findLimit(id, BUDGET) : undefined;
  const account = before?.budget ?? unusedBudget;
  const seconds = secondsOf(record, asker.at);
  const decision = decideCall(limitsNow(limits, account), account, { most, seconds });
  return { owner, before, decision: limits.onExceeded === 'ask' ? askInstead(decision, account, asker) : decision };
}

function stopAt(
  execution: ExecutionId,
  { owner: { id: of }, before }: BudgetLook,
  decision: Exclude<BudgetDecision, { kind: 'pass' }>,
): Passage {
  const { verdict } = decision;
  if (decision.kind === 'refuse') return { kind: 'reject', writes: [], ...refusal(execution, of, verdict) };
  const { budget, limit, needs } = verdict;
  const cause = { kind: 'budget', budget, of, limit, ...(needs !== undefined && { needs }) } as const;
  const key = budgetKey(of);
  if (decision.kind === 'wait') return { kind: 'park', writes: [], cause, key };
  const approval = budgetApprovalIdOf({ execution: of, budget: decision.part, number: decision.number });
  const asks = decision.account && {
    writes: [accountWrite(of, before, decision.account)],
    facts: [{ type: 'budget.asked', data: { of, ...verdict, approval } } as const],
  };
  return { kind: 'park', writes: [], ...asks, cause: { ...cause, approval }, key };
}

async function leaveOne(
  ctx: EngineContext,
  { record, workflow, report, usage = {} }: Leaving,
  { of, reserved }: BudgetHold,
): Promise<GateWrites> {
  const before = await ctx.ledger.findLimit(of, BUDGET);
  const account = before?.budget;
  if (!account) return { writes: [] };
  if (report.kind === 'withdrawn')
    return { writes: [accountWrite(of, before, withdrawCall(account, reserved ?? noAmounts))] };
  const limits =
    of === record.execution ? (workflow.index.plan.budget ?? {}) : await limitsOf(ctx, await ctx.getExecution(of));
  const isLost = report.kind === 'unknown' || (report.kind === 'failed' && isLostCall(report.error.name));
  const after = settleCall(limitsNow(limits, account), account, {
    reserved: reserved ?? noAmounts,
    reported: usage,
    isLost,
  });
  return { writes: [accountWrite(of, before, after.account)], facts: warnings(of, after.warned) };
}

/** What an execution pauses for is not its time. */
function secondsOf({ startedAt, pausedFor = 0 }: ExecutionRecord, now: number): number {
  return (now - startedAt - pausedFor) / 1000;
}

/** Holds only if nobody has written since `before` was read. */
function accountWrite(execution: ExecutionId, before: LimitRecord | undefined, budget: BudgetAccount): LedgerWrite {
  const record = { execution, limit: BUDGET, holders: [], budget, revision: (before?.revision ?? 0) + 1 };
  return { kind: 'limit', record };
}

function warnings(of: ExecutionId, warned: readonly BudgetVerdict[]): readonly Fact[] {
  return warned.map((verdict) => ({ type: 'budget.warned', data: { of, ...verdict } }));
}

function refusal(
  execution: ExecutionId,
  of: ExecutionId,
  verdict: BudgetVerdict,
): { readonly error: TaskError; readonly facts: readonly Fact[] } {
  const whose = of === execution ? '' : ` of ${of}`;
  return {
    error: {
      name: 'BudgetExceeded',
      message: `The budget \`${verdict.budget}\`${whose} is used up: ${budgetWords(verdict)}.`,
    },
    facts: [{ type: 'budget.exceeded', data: { of, ...verdict } }],
  };
}
