import type { TaskError } from '../../core/agents/index.ts';
import type { Cached, Cause, Fact, Holds, StoredValue, TaskRecord } from '../../core/execution/index.ts';
import type { TaskPath } from '../../core/ids/index.ts';
import type { PlannedTask } from '../../core/plan/index.ts';
import type { LedgerWrite } from '../../core/ports/index.ts';
import type { Amounts } from '../../core/resilience/index.ts';
import type { EngineContext, LoadedWorkflow } from '../engine-context.ts';
import type { FollowUps } from '../follow-up.ts';
import type { AgentLook } from '../look.ts';

/** What belongs into the commit of whatever the task does next: the records that a gate keeps, and the facts about them. */
export interface GateWrites {
  readonly writes: readonly LedgerWrite[];
  readonly facts?: readonly Fact[];
}

/** A task that wants to call its agent, and with what. */
export interface Asking extends AgentLook {
  readonly input: StoredValue;
}

/** What a gate says to a task that wants to call its agent. */
export type Passage =
  /** Go: one commit takes this together with what the other gates give. `holds` stands on the attempt until that has ended. */
  | (GateWrites & { readonly kind: 'pass'; readonly holds?: Holds })
  /** Wait under this key, until somebody wakes those who do, or until the time that the cause names. */
  | (GateWrites & {
      readonly kind: 'park';
      readonly cause: Cause;
      readonly key: string;
      /** The place in the key's queue; absent: behind those who are there. */
      readonly arrival?: number;
    })
  /** The task succeeds with an answer that is there already. */
  | (GateWrites & { readonly kind: 'settle'; readonly output: StoredValue; readonly cached: Cached })
  /** The task fails. */
  | (GateWrites & { readonly kind: 'reject'; readonly error: TaskError });

/** How an attempt ended. */
export type Report =
  | { readonly kind: 'succeeded'; readonly output?: StoredValue }
  | { readonly kind: 'failed'; readonly error: TaskError }
  /** Its agent was never called. */
  | { readonly kind: 'withdrawn' }
  /** Its agent was called, and nobody waits for the answer any more. */
  | { readonly kind: 'unknown' };

/** A task that ends an attempt, or settles without one. `record`: as it was before. */
export interface Leaving {
  readonly workflow: LoadedWorkflow;
  readonly planned: PlannedTask;
  readonly record: TaskRecord;
  readonly report: Report;
  /** What its agent says that the attempt has used. */
  readonly usage?: Partial<Amounts>;
}

/**
 * Stands between a task and the call of its agent, in admission's order. All that it decides, it decides from strong reads, and all that it
 * writes is conditioned on what it has read: whoever loses such a commit looks again.
 */
export interface Gate {
  /** Reads only. */
  look(ctx: EngineContext, look: Asking): Promise<Passage>;
  /** What gives back what the attempt holds, and reports how it went: in the very commit that ends it. Nothing where it holds nothing. */
  leave(ctx: EngineContext, leaving: Leaving): Promise<GateWrites>;
  /**
   * Of a gate with control records: the folder above them (`breaker`), and who is to look again because one of them has changed. A crash may
   * swallow that; the change stream repeats it, and the sweeper finds what is left.
   */
  readonly controls?: {
    readonly folder: string;
    wake(ctx: EngineContext, key: string): Promise<FollowUps>;
  };
  /** Of a gate whose queues tasks of several executions share: what their keys begin with, and whose turn it is when one leaves without a place. */
  readonly queue?: {
    readonly prefix: string;
    wake(ctx: EngineContext, key: string): Promise<FollowUps>;
    /** Also when one leaves with what it has waited for: those behind have a turn of their own, which nobody tells them. */
    readonly movesUp?: true;
  };
}

/** Those who are parked under a key, all of them: who finds that it still has to wait changes nothing. */
export async function wakeParked(ctx: EngineContext, key: string): Promise<FollowUps> {
  const parked = await ctx.ledger.listParked(key, Number.MAX_SAFE_INTEGER);
  return parked.map(({ execution, path }: { execution: TaskRecord['execution']; path: TaskPath }) => ({
    kind: 'admit',
    execution,
    path,
  }));
}
