import { answerProblem, type HumanAgentType } from '../core/agents/index.ts';
import { ConflictError, InvalidRequestError, NotFoundError } from '../core/errors/index.ts';
import {
  readApprovalId,
  readBudgetApprovalId,
  type ApprovalScope,
  type Decision,
  type TaskRecord,
} from '../core/execution/index.ts';
import type { ApprovalId } from '../core/ids/index.ts';
import type { Json } from '../core/json/index.ts';
import type { AgentTask } from '../core/plan/index.ts';
import { valueProblems } from '../core/schemas/index.ts';
import { isHuman } from './approvals.ts';
import { decideBudget } from './budget-questions.ts';
import type { EngineContext } from './engine-context.ts';
import type { Outcome } from './follow-up.ts';
import { settle } from './settle.ts';
import type { FindFollowUps } from './settlement.ts';

/**
 * A person's decision settles the attempt that waits for it, or answers what is asked about a budget; of two that decide, the first. An answer that does not fit changes nothing: who
 * gave it hears what is wrong. Throws NotFoundError (`approval_not_found`), InvalidRequestError (`invalid_input`), ConflictError
 * (`attempt_not_live`).
 */
export async function decide(ctx: EngineContext, id: ApprovalId, decision: Decision): Promise<FindFollowUps> {
  const question = readBudgetApprovalId(id);
  if (question) return decideBudget(ctx, question, decision);
  const scope = readApprovalId(id);
  const asked = scope && (await findAsked(ctx, scope));
  if (!scope || !asked) throw notFound(id);
  if (asked.record.attempt?.number !== scope.attempt) throw notLive(id);
  if (decision.kind === 'approve') requireFit(asked, decision.output);
  const { by } = decision;
  const verdict = decision.kind === 'approve' ? 'approved' : 'rejected';
  const reason = decision.kind === 'reject' && decision.reason !== undefined ? { reason: decision.reason } : {};
  const decided = {
    type: 'approval.decided',
    data: { approval: id, attempt: scope.attempt, verdict, by, ...reason },
  } as const;
  const settled = await settle(ctx, { ...scope, outcome: outcomeOf(decision), answered: true, decided });
  if (settled.late) throw notLive(id);
  return settled.findFollowUps;
}

interface Asked {
  readonly record: TaskRecord;
  readonly planned: AgentTask;
  readonly type: HumanAgentType;
}

async function findAsked(ctx: EngineContext, { execution, path }: ApprovalScope): Promise<Asked | undefined> {
  const record = await ctx.ledger.findTask(execution, path);
  if (!record) return undefined;
  const workflow = await ctx.getWorkflow(await ctx.getExecution(execution));
  const planned = workflow.index.taskAt(path);
  if (planned.kind !== 'agent') return undefined;
  const type = ctx.getAgentType(workflow, planned.agentType);
  return isHuman(type) ? { record, planned, type } : undefined;
}

function requireFit({ planned, type }: Asked, output: Json): void {
  const tooDeep = answerProblem(output);
  const schemas = tooDeep === undefined ? [type.output, planned.output] : [];
  const problems = [
    ...(tooDeep === undefined ? [] : [tooDeep]),
    ...schemas.flatMap((schema) => (schema ? valueProblems(schema, output) : [])),
  ];
  if (problems.length === 0) return;
  throw new InvalidRequestError({
    code: 'invalid_input',
    message: `The answer does not fit: ${problems.join('; ')}.`,
    hint: 'The task goes on waiting; correct the answer and decide again.',
    details: { problems: [...problems] },
  });
}

function outcomeOf(decision: Decision): Outcome {
  if (decision.kind === 'approve') return { kind: 'output', output: decision.output };
  const { by, reason } = decision;
  const message = `Rejected by ${by}${reason === undefined ? '.' : `: ${reason}`}`;
  return { kind: 'error', error: { name: 'Rejected', message } };
}

function notFound(id: string): NotFoundError {
  return new NotFoundError({
    code: 'approval_not_found',
    message: `There is no approval ${id}.`,
    hint: 'See `skein approvals` for those there are.',
  });
}

function notLive(id: string): ConflictError {
  return new ConflictError({
    code: 'attempt_not_live',
    message: `Approval ${id} is not open any more: it was decided, its time was up, or its execution was stopped.`,
  });
}
