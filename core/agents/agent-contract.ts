import type { Json } from '../json/index.ts';

/** What an agent is asked to do. */
export interface AgentTask {
  /** The task's id as the author wrote it. */
  readonly id: string;
  /** The task path: `lint`, or `research[2]` for item 2 of a fan-out. */
  readonly path: string;
  /** The task's input after its expressions were evaluated; `{}` when the author gave none. */
  readonly input: Json;
  /** Position in a fan-out and its width; 0 of 1 outside of one. */
  readonly index: number;
  readonly count: number;
}

/** The slot of a resource pool that an attempt has while it works. */
export interface AgentSlot {
  readonly pool: string;
  /** Which one of the instances it is: a number from 0. */
  readonly instance: number;
  readonly slot: number;
  /**
   * Fencing token: higher for each who gets the slot. Whoever keeps the highest that it has seen of (pool, slot), and refuses lower
   * ones, takes nothing from an agent that has lost its slot.
   */
  readonly token: number;
}

/** What an agent may use while it works. */
export interface AgentContext {
  readonly execution: string;
  readonly agent: string;
  /** 1 for the first try. */
  readonly attempt: number;
  /** `{execution}/{path}`: the same for every attempt; pass it to outside systems so that they can recognise a repeat. */
  readonly idempotencyKey: string;
  /** Absent: the agent has no pool. */
  readonly slot?: AgentSlot;
  /** Aborted when the execution stops or the attempt has timed out. */
  readonly signal: AbortSignal;
  /** Says "still alive"; required more often than the task's `heartbeat`. */
  heartbeat(): void;
  /**
   * Says what the attempt has used, once or again and again: it adds up, and counts against budgets also when the attempt fails. What is no
   * usage, such as a negative number, is not counted, and the log says so.
   */
  usage(used: Usage): void;
  /** One line for the person who watches; never stored as truth. */
  log(message: string): void;
}

/** What a call has used of money and models. Absent: nobody says. */
export type Usage = {
  /** US dollars; counted in millionths. */
  readonly usd?: number;
  /** Of language models, in and out; a whole number. */
  readonly tokens?: number;
};

/** A local agent: the default export of its module. Throw an `Error` to fail; its `name` is what policies match. */
export type AgentFunction = (task: AgentTask, context: AgentContext) => Promise<Json> | Json;

/** An error as agents report it and as the ledger stores it. */
export interface TaskError {
  /** Matched by `retry_on`: `AgentThrottled`, `AttemptTimeout`, … */
  readonly name: string;
  readonly message: string;
  /** The agent's own word; absent: the table in core/errors decides. */
  readonly retryable?: boolean;
  /** Seconds that the agent asks to be left alone before the next attempt. */
  readonly retryAfter?: number;
}
