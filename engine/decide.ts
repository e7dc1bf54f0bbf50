import { isDeepStrictEqual } from 'node:util';
import { answerProblem } from '../core/agents/index.ts';
import { ConflictError, InvalidRequestError, NotFoundError } from '../core/errors/index.ts';
import {
  isStopped,
  openQuestion,
  readApprovalId,
  readBudgetApprovalId,
  type ApprovalScope,
  type Decision,
  type Fact,
  type TaskRecord,
} from '../core/execution/index.ts';
import type { ApprovalId } from '../core/ids/index.ts';
import type { Json, JsonObject } from '../core/json/index.ts';
import { valueProblems } from '../core/schemas/index.ts';
import { isHuman } from './approvals.ts';
import { confirmBudget, decideBudget } from './budget-questions.ts';
import type { EngineContext } from './engine-context.ts';
import type { Outcome } from './follow-up.ts';
import { settle } from './settle.ts';
import { commitSettlement, failed, succeeded, type FindFollowUps, type Settling } from './settlement.ts';
import { untilCommitted } from './until-committed.ts';

/**
 * A person's decision settles the task that waits for it, or answers what is asked about a budget; of two that decide, the first. The same decision of the same person again changes
 * nothing. An answer that does not fit changes nothing either: who gave it hears what is wrong. Throws NotFoundError (`approval_not_found`),
 * InvalidRequestError (`invalid_input`), ConflictError (`attempt_not_live`) that says who was first.
 */
export async function decide(ctx: EngineContext, id: ApprovalId, decision: Decision): Promise<FindFollowUps> {
  const asked = readBudgetApprovalId(id);
  if (asked) return decideBudget(ctx, asked, decision);
  const scope = readApprovalId(id);
  const question = scope && (await findQuestion(ctx, id, scope));
  if (!scope || !question) throw notFound(id);
  if (!question.isOpen) return decidedBefore(ctx, id, { record: question.record, decision });
  if (decision.kind === 'approve') requireFit(question, decision.output);
  const found =
    question.asker === 'checkpoint'
      ? await settleCheckpoint(ctx, id, { scope, decision })
      : await settleAttempt(ctx, id, { scope, decision });
  if (found) return found;
  const record = (await ctx.ledger.findTask(scope.execution, scope.path)) ?? question.record;
  return decidedBefore(ctx, id, { record, decision });
}

/**
 * For a decision about something that is not open: resolves when it is the one that was made, so that a request can be repeated. Throws ConflictError
 * (`attempt_not_live`) that says who was first, NotFoundError (`approval_not_found`) where nobody was asked, or still is.
 */
export async function confirmDecision(ctx: EngineContext, id: ApprovalId, decision: Decision): Promise<void> {
  const asked = readBudgetApprovalId(id);
  if (asked) return confirmBudget(ctx, asked, decision);
  const scope = readApprovalId(id);
  const question = scope && (await findQuestion(ctx, id, scope));
  if (!question || question.isOpen) throw notFound(id);
  await decidedBefore(ctx, id, { record: question.record, decision });
}

interface Question {
  readonly record: TaskRecord;
  readonly asker: 'checkpoint' | 'attempt';
  readonly isOpen: boolean;
  /** What an answer has to fit. */
  readonly forms: readonly JsonObject[];
}

async function findQuestion(
  ctx: EngineContext,
  id: ApprovalId,
  { execution, path, attempt }: ApprovalScope,
): Promise<Question | undefined> {
  const record = await ctx.ledger.findTask(execution, path);
  if (!record) return undefined;
  const workflow = await ctx.getWorkflow(await ctx.getExecution(execution));
  const planned = workflow.index.taskAt(path);
  if (planned.kind === 'checkpoint') {
    const { form } = planned.approve ?? {};
    const isOpen = openQuestion(record)?.approval === id;
    return planned.approve && { record, asker: 'checkpoint', isOpen, forms: form ? [form] : [] };
  }
  if (planned.kind !== 'agent') return undefined;
  const type = ctx.getAgentType(workflow, planned.agentType);
  if (!isHuman(type)) return undefined;
  const forms = [type.output, planned.output].filter((form) => form !== undefined);
  return { record, asker: 'attempt', isOpen: record.attempt?.number === attempt, forms };
}

function requireFit({ forms }: Question, output: Json): void {
  const tooDeep = answerProblem(output);
  const problems = tooDeep === undefined ? forms.flatMap((form) => valueProblems(form, output)) : [tooDeep];
  if (problems.length === 0) return;
  throw new InvalidRequestError({
    code: 'invalid_input',
    message: `The answer does not fit: ${problems.join('; ')}.`,
    hint: 'The task goes on waiting; correct the answer and decide again.',
    details: { problems: [...problems] },
  });
}

interface Deciding {
  readonly scope: ApprovalScope;
  readonly decision: Decision;
}

/** Undefined: somebody or something was faster. */
async function settleAttempt(
  ctx: EngineContext,
  id: ApprovalId,
  { scope, decision }: Deciding,
): Promise<FindFollowUps | undefined> {
  const decided = factOf(id, decision, scope.attempt);
  const settled = await settle(ctx, { ...scope, outcome: outcomeOf(decision), answered: true, decided });
  return settled.late ? undefined : settled.findFollowUps;
}

/** The same of a checkpoint, whose question is the cause for which its task is parked. */
async function settleCheckpoint(
  ctx: EngineContext,
  id: ApprovalId,
  { scope, decision }: Deciding,
): Promise<FindFollowUps | undefined> {
  return untilCommitted(`Decision of ${id}`, async () => {
    const record = await ctx.ledger.findTask(scope.execution, scope.path);
    const execution = await ctx.getExecution(scope.execution);
    if (!record || openQuestion(record)?.approval !== id || isStopped(execution.status)) return undefined;
    const workflow = await ctx.getWorkflow(execution);
    const planned = workflow.index.taskAt(scope.path);
    const settling: Settling = { execution, workflow, planned, record, before: [factOf(id, decision)] };
    const outcome = outcomeOf(decision);
    const ending = outcome.kind === 'output' ? succeeded(await ctx.store(outcome.output)) : failed(outcome.error);
    return commitSettlement(ctx, settling, ending);
  });
}

function factOf(approval: ApprovalId, decision: Decision, attempt?: number): Fact {
  const { by } = decision;
  const verdict = verdictOf(decision);
  const reason = decision.kind === 'reject' && decision.reason !== undefined ? { reason: decision.reason } : {};
  const of = attempt === undefined ? {} : { attempt };
  return { type: 'approval.decided', data: { approval, ...of, verdict, by, ...reason } };
}

function verdictOf({ kind }: Decision): 'approved' | 'rejected' {
  return kind === 'approve' ? 'approved' : 'rejected';
}

function outcomeOf(decision: Decision): Outcome {
  if (decision.kind === 'approve') return { kind: 'output', output: decision.output };
  const { by, reason } = decision;
  const message = `Rejected by ${by}${reason === undefined ? '.' : `: ${reason}`}`;
  return { kind: 'error', error: { name: 'Rejected', message } };
}

interface Again {
  readonly record: TaskRecord;
  readonly decision: Decision;
}

/** A request that is repeated has decided already; everybody else hears who has. */
async function decidedBefore(ctx: EngineContext, id: ApprovalId, { record, decision }: Again): Promise<FindFollowUps> {
  const { decided, output } = record;
  const isSame =
    decided?.approval === id &&
    decided.by === decision.by &&
    decided.verdict === verdictOf(decision) &&
    (decision.kind === 'reject' || (output && isDeepStrictEqual(await ctx.load(output), decision.output)));
  if (isSame) return async () => [];
  throw notLive(id, record);
}

function notFound(id: string): NotFoundError {
  return new NotFoundError({
    code: 'approval_not_found',
    message: `There is no approval ${id}.`,
    hint: 'See `skein approvals` for those there are.',
  });
}

function notLive(id: ApprovalId, { decided, status }: TaskRecord): ConflictError {
  const first = decided?.approval === id ? decided : undefined;
  return new ConflictError({
    code: 'attempt_not_live',
    message: `Approval ${id} is not open any more: ${first ? endOf(first) : 'its time was up, or its execution was stopped'}.`,
    hint: 'Nothing has changed; `skein approvals` shows what is open.',
    details: { status, ...(first && { ...first, at: new Date(first.at).toISOString() }) },
  });
}

function endOf({ verdict, by, at }: NonNullable<TaskRecord['decided']>): string {
  const when = new Date(at).toISOString();
  return by === undefined
    ? `nobody had decided by the deadline, so it was ${verdict} at ${when}`
    : `${by} has ${verdict} it at ${when}`;
}
