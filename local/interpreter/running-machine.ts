import type { Json } from '../../core/json/index.ts';
import type { HistoryEvent } from './history.ts';
import type { Machine } from './machine.ts';

export interface NamedMachine {
  readonly machine: Machine;
  readonly machineName: string;
}

export interface MachineStart extends NamedMachine {
  /** `$states.context.Execution.Name`. The interpreter does not mind two of one name. */
  readonly name: string;
  readonly input: Json;
}

export type MachineEnd =
  | { readonly status: 'SUCCEEDED'; readonly output: Json }
  | { readonly status: 'FAILED'; readonly error?: string; readonly cause?: string }
  /** The machine's own TimeoutSeconds. */
  | { readonly status: 'TIMED_OUT'; readonly error: 'States.Timeout' }
  | { readonly status: 'ABORTED'; readonly cause: string };

export type MachineResult = MachineEnd & { readonly history: readonly HistoryEvent[] };

export interface RunningMachine {
  readonly arn: string;
  readonly name: string;
  /** Never rejects. */
  readonly result: Promise<MachineResult>;
  /** Ends the machine as ABORTED, at once. One that has ended stays as it is. */
  stop(cause: string): void;
}
