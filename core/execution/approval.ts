import { approvalId, executionId, taskPath, type ApprovalId, type ExecutionId, type TaskPath } from '../ids/index.ts';
import type { Json, JsonObject } from '../json/index.ts';
import { askedParts, type AskedPart } from '../resilience/index.ts';
import type { Cause } from './cause.ts';

/** What waits for a person's decision: an attempt, or a checkpoint, whose number is that of the parking in which it asks. */
export interface ApprovalScope {
  readonly execution: ExecutionId;
  readonly path: TaskPath;
  readonly attempt: number;
}

/** The question about a part of a budget that waits for a person's decision. */
export interface BudgetApprovalScope {
  /** Whose budget it is. */
  readonly execution: ExecutionId;
  readonly budget: AskedPart;
  readonly number: number;
}

/** A question to a person, as long as nobody has decided it. */
export interface Approval {
  readonly id: ApprovalId;
  /** What the answer becomes: the output of a task, or more of a budget. */
  readonly about: 'task' | 'budget';
  readonly execution: ExecutionId;
  /** The task that waits; of a budget the one whose call did not fit, perhaps in an execution within this one. */
  readonly path: TaskPath;
  /** Of a human agent. */
  readonly attempt?: number;
  readonly workflow: string;
  readonly version: string;
  /** The agent's name in the workflow; absent: a checkpoint or a budget asks. */
  readonly agent?: string;
  readonly description?: string;
  /** What the person is given. */
  readonly input: Json;
  /** JSON Schema of the answer; absent: anything. */
  readonly form?: JsonObject;
  /** Who may decide; both absent: anybody who may decide at all. */
  readonly roles?: readonly string[];
  readonly assignees?: readonly string[];
  /** Epoch milliseconds. */
  readonly requestedAt: number;
  readonly deadline: number;
}

/** What a person says to it. */
export type Decision =
  | { readonly kind: 'approve'; readonly output: Json; readonly by: string }
  | { readonly kind: 'reject'; readonly reason?: string; readonly by: string };

type Question = Extract<Cause, { kind: 'approval' }>;

/** The question that a task waits for the answer of, also while its execution is paused. */
export function openQuestion({ cause }: { readonly cause?: Cause }): Question | undefined {
  const own = cause?.kind === 'pause' ? cause.before : cause;
  return own?.kind === 'approval' ? own : undefined;
}

const PREFIX = 'apr_';

/** The same for the same attempt. It can be guessed by who knows the attempt: the right to decide is checked elsewhere. */
export function approvalIdOf({ execution, path, attempt }: ApprovalScope): ApprovalId {
  return approvalId(PREFIX + Buffer.from(`${execution}/${path}#${attempt}`).toString('base64url'));
}

const SCOPE = /^(exec_[0-9A-Z]+)\/(.+)#([1-9]\d{0,8})$/;

/** Undefined for a text that is no approval's id. */
export function readApprovalId(id: string): ApprovalScope | undefined {
  if (!id.startsWith(PREFIX)) return undefined;
  const [, execution, path, attempt] = SCOPE.exec(Buffer.from(id.slice(PREFIX.length), 'base64url').toString()) ?? [];
  if (execution === undefined || path === undefined) return undefined;
  return { execution: executionId(execution), path: taskPath(path), attempt: Number(attempt) };
}

/** The same for the same question. It can be guessed, as that of an attempt can. */
export function budgetApprovalIdOf({ execution, budget, number }: BudgetApprovalScope): ApprovalId {
  return approvalId(PREFIX + Buffer.from(`${execution}$${budget}#${number}`).toString('base64url'));
}

const BUDGET_SCOPE = /^(exec_[0-9A-Z]+)\$([a-z]+)#([1-9]\d{0,8})$/;

/** Undefined for a text that is not the id of a question about a budget. */
export function readBudgetApprovalId(id: string): BudgetApprovalScope | undefined {
  if (!id.startsWith(PREFIX)) return undefined;
  const [, execution, part, number] =
    BUDGET_SCOPE.exec(Buffer.from(id.slice(PREFIX.length), 'base64url').toString()) ?? [];
  const budget = askedParts.find((it) => it === part);
  if (execution === undefined || budget === undefined) return undefined;
  return { execution: executionId(execution), budget, number: Number(number) };
}

/** The execution that an approval is about. Undefined for a text that is no approval's id. */
export function executionOfApproval(id: string): ExecutionId | undefined {
  return (readApprovalId(id) ?? readBudgetApprovalId(id))?.execution;
}
