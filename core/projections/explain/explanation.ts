import type {
  ExecutionRecord,
  SettledTaskStatus,
  TaskRecord,
  TerminalExecutionStatus,
  UndoStatus,
} from '../../execution/index.ts';
import type { ExecutionId, TaskPath } from '../../ids/index.ts';
import type { Plan } from '../../plan/index.ts';
import { quoted } from './wording.ts';

/** What is known about an execution at one moment. */
export interface ExplainInput {
  readonly execution: ExecutionRecord;
  readonly plan: Plan;
  /** Those that the ledger holds; a task without one is `pending`, because the machine has not reached it. */
  readonly tasks: readonly TaskRecord[];
  /** Of one that is queued: how many are before it now, and who has what it waits for. Absent: as it was when it came there. */
  readonly queue?: { readonly position: number; readonly holders: readonly ExecutionId[] };
  /** Epoch milliseconds, for "in 12 s". */
  readonly now: number;
  /** False: the process that ran the execution has ended, and nothing happens until somebody takes it up. */
  readonly isAttended: boolean;
}

export type LinkKind =
  | 'planning'
  | 'queued'
  | 'progress'
  | 'paused'
  | 'stopping'
  | 'dependency'
  | 'structure'
  | 'container'
  | 'members'
  | 'items'
  | 'concurrency'
  | 'breaker'
  | 'pool'
  | 'rate'
  | 'same_call'
  | 'budget'
  | 'schedule'
  | 'event'
  | 'retry'
  | 'dispatch'
  | 'running'
  | 'approval'
  | 'child'
  | 'unattended'
  | SettledTaskStatus
  | UndoStatus
  | TerminalExecutionStatus;

/** One thing that is so because the next one is so. */
export interface CauseLink {
  /** '' for the execution itself. */
  readonly path: TaskPath | '';
  readonly kind: LinkKind;
  /** A whole sentence, with its full stop. */
  readonly sentence: string;
}

/** The one thing that must happen next. */
export interface NextStep {
  /** A clause with its subject, without a full stop: "agent `linter` must answer …". */
  readonly what: string;
  /** `publisher`: whoever publishes events, a person or a program. */
  readonly who: 'agent' | 'engine' | 'person' | 'publisher';
  readonly command?: string;
}

export interface Explanation {
  /** The task or execution, why it is where it is, what must happen next and who can make it happen. */
  readonly sentence: string;
  /** From what was asked about down to the root. */
  readonly chain: readonly CauseLink[];
  /** Absent when nothing is left to happen. */
  readonly next?: NextStep;
}

/** Causes found so far, and what ends them. */
export interface Findings {
  readonly chain: readonly CauseLink[];
  readonly next?: NextStep;
}

/** `clause` has no full stop. */
export function link(path: TaskPath | '', kind: LinkKind, clause: string): CauseLink {
  return { path, kind, sentence: `${clause}.` };
}

/** How far the child is, its own history tells. */
export function endOfChild(child: ExecutionId): NextStep {
  return { what: `child execution ${quoted(child)} must end`, who: 'engine', command: `skein explain ${child}` };
}
