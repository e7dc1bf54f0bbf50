import type { SettledTaskStatus, TerminalExecutionStatus } from '../../core/execution/index.ts';
import type { Json } from '../../core/json/index.ts';
import type { Scenario } from '../../simulation/index.ts';

/*
 * A **place** is a task path, and in a child execution the place of the task that started it before that: `sub>lint`. An
 * execution's place is that of its task, '' for the outermost. Ids of executions inside values read `exec` and `exec>sub`.
 */

/** A settled ledger entry: a task, an item or call, or a container as a whole. */
export interface ObservedTask {
  /** Its place. */
  readonly path: string;
  readonly status: SettledTaskStatus;
  /** Attempts begun; 0 for what has no agent of its own. */
  readonly attempts: number;
  /** null where there is none. */
  readonly output: Json;
  /** Looked at for `failed` only. */
  readonly error?: { readonly name: string } | undefined;
  /** Milliseconds of simulated time since the outermost execution's start. */
  readonly settledAt: number;
}

/** A call that reached a scripted agent. */
export interface ObservedCall {
  /** Its place. */
  readonly path: string;
  /** 1 for the first try. */
  readonly attempt: number;
  readonly at: number;
  readonly input: Json;
  readonly index: number;
  readonly count: number;
}

export interface ObservedExecution {
  readonly status: TerminalExecutionStatus;
  /** null where there is none. */
  readonly output: Json;
  /** When the terminal status was written. */
  readonly endedAt: number;
  /** How many times a terminal status was written. */
  readonly completions: number;
}

/** What an execution and its children did, as far as the rules speak about it. Times count from its start. */
export interface Observed extends ObservedExecution {
  /** Every entry, of each execution in the order (lamport, path) of the events that settled them. */
  readonly tasks: readonly ObservedTask[];
  /** In the order of the calls. */
  readonly calls: readonly ObservedCall[];
  /** Child executions by place. */
  readonly children: Readonly<Record<string, ObservedExecution>>;
  /**
   * What happened, one thing after the other: `call lint#1`, `settle lint`, `open refine#2`, `start sub`, `stop sub`, `end sub`. It is
   * only a hint for whoever looks for an order that explains the rest.
   */
  readonly order: readonly string[];
}

/**
 * Parses, validates, plans, lowers and runs a scenario embedded, in memory, on a simulated clock that stands still
 * while anything can happen. Throws with the diagnostics' text when the definition has errors.
 */
export type RunSimulated = (scenario: Scenario) => Promise<Observed>;
