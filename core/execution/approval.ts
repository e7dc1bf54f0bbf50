import { approvalId, executionId, taskPath, type ApprovalId, type ExecutionId, type TaskPath } from '../ids/index.ts';
import type { Json, JsonObject } from '../json/index.ts';

/** The attempt that waits for a person's decision. */
export interface ApprovalScope {
  readonly execution: ExecutionId;
  readonly path: TaskPath;
  readonly attempt: number;
}

/** A question to a person, as long as nobody has decided it. */
export interface Approval extends ApprovalScope {
  readonly id: ApprovalId;
  readonly workflow: string;
  readonly version: string;
  /** The agent's name in the workflow. */
  readonly agent: string;
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
