import { ConflictError, InvalidRequestError, NotFoundError } from '../core/errors/index.ts';
import {
  advanceExecution,
  BUDGET,
  budgetApprovalIdOf,
  budgetKey,
  isStopped,
  type Approval,
  type BudgetApprovalScope,
  type Decision,
  type ExecutionRecord,
} from '../core/execution/index.ts';
import { taskPath, type ApprovalId } from '../core/ids/index.ts';
import type { Json, JsonObject } from '../core/json/index.ts';
import { valueProblems } from '../core/schemas/index.ts';
import {
  answerQuestion,
  askedParts,
  budgetUse,
  budgetWords,
  limitsNow,
  unusedBudget,
  type AskedPart,
  type BudgetAnswer,
  type BudgetLimits,
  type BudgetQuestion,
  type BudgetUse,
} from '../core/resilience/index.ts';
import type { EngineContext, EngineDeps } from './engine-context.ts';
import { wakeParked } from './gates/index.ts';
import type { FindFollowUps } from './settlement.ts';
import { AGAIN, untilCommitted } from './until-committed.ts';
import { executionWrites } from './writes.ts';

/** How much of its own budget an execution and the children within it have used, of each part that is counted. */
export async function findBudgetUse(
  { ledger }: { readonly ledger: Pick<EngineDeps['ledger'], 'findLimit'> },
  execution: ExecutionRecord,
  { budget }: { readonly budget?: BudgetLimits },
): Promise<readonly BudgetUse[]> {
  if (!budget || execution.budgets?.includes(execution.id) !== true) return [];
  return budgetUse(budget, (await ledger.findLimit(execution.id, BUDGET))?.budget ?? unusedBudget);
}

/** What people are asked about the budget of an execution that goes on, one question for each part at the most. */
export async function budgetApprovals(
  { ledger }: Pick<EngineDeps, 'ledger'>,
  execution: ExecutionRecord,
): Promise<readonly Approval[]> {
  if (execution.budgets?.includes(execution.id) !== true) return [];
  const questions = (await ledger.findLimit(execution.id, BUDGET))?.budget?.questions ?? {};
  return askedParts.flatMap((part) => {
    const question = questions[part];
    return question && !question.answer ? [approvalOf(execution, part, question)] : [];
  });
}

function approvalOf(execution: ExecutionRecord, budget: AskedPart, question: BudgetQuestion): Approval {
  const { number, at, answer, task, execution: asking, ...amounts } = question;
  return {
    id: budgetApprovalIdOf({ execution: execution.id, budget, number }),
    about: 'budget',
    execution: execution.id,
    path: taskPath(task),
    workflow: execution.workflow,
    version: execution.version,
    description: `The budget ${budget} is used up: ${budgetWords({ budget, ...amounts })}. By how much is it raised?`,
    input: { budget, ...amounts, execution: asking, task },
    form: formOf(budget),
    requestedAt: at,
    deadline: execution.deadline,
  };
}

/** More than any budget has, and little enough that sums in millionths of a dollar stay whole numbers. */
const MOST_RAISED = 1_000_000_000;

/** JSON Schema of the answer: by how much, in the part's unit. */
function formOf(budget: AskedPart): JsonObject {
  const amount =
    budget === 'usd' ? { type: 'number', exclusiveMinimum: 0 } : ({ type: 'integer', minimum: 1 } as const);
  return {
    type: 'object',
    required: ['raise'],
    additionalProperties: false,
    properties: { raise: { ...amount, maximum: MOST_RAISED } },
  };
}

/**
 * A person's answer: the limit is raised and whoever waits looks again, or all of them fail. It stands in the account, under the condition that
 * the question is open there, and with the event in the history of the budget's execution; of two that decide, the first. Throws what `decide`
 * does.
 */
export async function decideBudget(
  ctx: EngineContext,
  scope: BudgetApprovalScope,
  decision: Decision,
): Promise<FindFollowUps> {
  const id = budgetApprovalIdOf(scope);
  const { execution: owner, budget: part } = scope;
  const answer = { ...saidOf(part, decision), by: decision.by, at: ctx.clock.now() };
  return untilCommitted<FindFollowUps>(`Answer to ${id}`, async () => {
    const execution = await ctx.ledger.findExecution(owner);
    const before = await ctx.ledger.findLimit(owner, BUDGET);
    if (!execution || !before?.budget || (before.budget.questions?.[part]?.number ?? 0) < scope.number)
      throw notFound(id);
    const account = isStopped(execution.status) ? undefined : answerQuestion(before.budget, { part, ...scope }, answer);
    if (!account) {
      requireDecided(scope, before.budget.questions?.[part], answer);
      return async () => [];
    }
    const planned = (await ctx.getWorkflow(execution)).index.plan.budget ?? {};
    const { [part]: limit = 0 } = limitsNow(planned, account);
    const told = decision.kind === 'reject' && decision.reason !== undefined ? { reason: decision.reason } : {};
    const verdict = answer.kind === 'raise' ? 'raised' : 'refused';
    const raise = answer.kind === 'raise' ? { raise: answer.raise } : {};
    const data = { approval: id, budget: part, verdict, by: decision.by, limit, ...raise, ...told } as const;
    const advanced = advanceExecution(execution, {}, [{ type: 'budget.decided', data }], { now: answer.at });
    const record = { ...before, budget: account, revision: before.revision + 1 };
    if (!(await ctx.commit([...executionWrites(advanced), { kind: 'limit', record }]))) return AGAIN;
    return () => wakeParked(ctx, budgetKey(owner));
  });
}

/** For a decision about what is not open: resolves when it is the one that was made. Throws as `confirmDecision` does. */
export async function confirmBudget(
  { ledger }: Pick<EngineContext, 'ledger'>,
  scope: BudgetApprovalScope,
  decision: Decision,
): Promise<void> {
  const question = (await ledger.findLimit(scope.execution, BUDGET))?.budget?.questions?.[scope.budget];
  if (!question || question.number < scope.number) throw notFound(budgetApprovalIdOf(scope));
  requireDecided(scope, question, { ...saidOf(scope.budget, decision), by: decision.by });
}

/** A request that is repeated has decided already; everybody else hears who has. */
function requireDecided(
  scope: BudgetApprovalScope,
  question: BudgetQuestion | undefined,
  said: Said & { readonly by: string },
): void {
  const first = question?.number === scope.number ? question.answer : undefined;
  const raise = said.kind === 'raise' ? said.raise : undefined;
  const verdict = raise === undefined ? 'refused' : 'raised';
  if (first?.by === said.by && first.verdict === verdict && first.raise === raise) return;
  throw notOpen(budgetApprovalIdOf(scope), first);
}

type Said = Pick<Extract<BudgetAnswer, { kind: 'raise' }>, 'kind' | 'raise'> | { readonly kind: 'refuse' };

function saidOf(budget: AskedPart, decision: Decision): Said {
  if (decision.kind === 'reject') return { kind: 'refuse' };
  const problems = valueProblems(formOf(budget), decision.output);
  if (problems.length === 0) return { kind: 'raise', raise: raiseIn(decision.output) };
  throw new InvalidRequestError({
    code: 'invalid_input',
    message: `The answer does not fit: ${problems.join('; ')}.`,
    hint: `Say by how much the budget \`${budget}\` is raised: \`--output raise=5\`.`,
    details: { problems: [...problems] },
  });
}

/** The form has it. */
function raiseIn(output: Json): number {
  return (output as { readonly raise: number }).raise;
}

function notFound(id: ApprovalId): NotFoundError {
  return new NotFoundError({
    code: 'approval_not_found',
    message: `There is no approval ${id}.`,
    hint: 'See `skein approvals` for those there are.',
  });
}

function notOpen(id: ApprovalId, first: BudgetQuestion['answer']): ConflictError {
  const at = new Date(first?.at ?? 0).toISOString();
  return new ConflictError({
    code: 'attempt_not_live',
    message: `Approval ${id} is not open any more: ${first ? `${first.by} has ${first.verdict} it at ${at}` : 'it was decided, or its execution was stopped'}.`,
    hint: 'Nothing has changed; `skein approvals` shows what is open.',
    ...(first && { details: { ...first, at } }),
  });
}
