import type { Json } from '../../core/json/index.ts';
import type { SettledTaskStatus, TerminalExecutionStatus } from '../../core/execution/index.ts';
import type { Scenario } from '../makers/scenario.ts';

/** A settled ledger entry: a plain task, an item, or a fan-out as a whole. */
export interface ObservedTask {
  /** `lint`, `scan` (the fan-out) or `scan[2]` (its item). */
  readonly path: string;
  readonly status: SettledTaskStatus;
  /** Attempts begun; of a fan-out as a whole it is not looked at. */
  readonly attempts: number;
  /** null where there is none. */
  readonly output: Json;
  /** Looked at for `failed` only. */
  readonly error?: { readonly name: string } | undefined;
  /** Milliseconds of simulated time since the execution's start. */
  readonly settledAt: number;
}

/** A call that reached a scripted agent. */
export interface ObservedCall {
  readonly path: string;
  /** 1 for the first try. */
  readonly attempt: number;
  /** Milliseconds since the execution's start. */
  readonly at: number;
  readonly input: Json;
  readonly index: number;
  readonly count: number;
}

/** What an execution did, as far as the rules speak about it. */
export interface Observed {
  readonly status: TerminalExecutionStatus;
  /** null where there is none. */
  readonly output: Json;
  /** When the terminal status was written, milliseconds since the start. */
  readonly endedAt: number;
  /** How many times a terminal status was written. */
  readonly completions: number;
  /** Every entry, in the order (lamport, path) of the events that settled them. */
  readonly tasks: readonly ObservedTask[];
  /** In the order of the calls. */
  readonly calls: readonly ObservedCall[];
}

/**
 * Parses, validates, plans, lowers and runs a scenario embedded, in memory, on a simulated clock that stands still
 * while anything can happen. Throws with the diagnostics' text when the definition has errors.
 */
export type RunSimulated = (scenario: Scenario) => Promise<Observed>;
