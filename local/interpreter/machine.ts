// Machines as the interpreter reads them: all that the compiler writes, and what else Step Functions knows in JSONata.
// A compiled machine is one of these as it stands.
import type { Json, JsonObject } from '../../core/json/index.ts';
import type * as compiled from '../../statemachines/index.ts';

export type { Catcher, ChoiceRule, ChoiceState, FailState, PassState, Retrier } from '../../statemachines/index.ts';

/** A number, or an expression that gives one. */
export type NumberField = number | string;

interface Leaving {
  readonly Assign?: JsonObject;
  readonly Output?: Json;
  readonly Next?: string;
  readonly End?: boolean;
}

interface Recoverable {
  readonly Retry?: readonly compiled.Retrier[];
  readonly Catch?: readonly compiled.Catcher[];
}

export interface TaskState extends Leaving, Recoverable {
  readonly Type: 'Task';
  readonly Resource: string;
  readonly Arguments?: Json;
  readonly TimeoutSeconds?: NumberField;
  readonly HeartbeatSeconds?: NumberField;
}

export interface ParallelState extends Leaving, Recoverable {
  readonly Type: 'Parallel';
  readonly Branches: readonly Branch[];
  /** What the branches get instead of the state's input. */
  readonly Arguments?: Json;
}

export interface MapState extends Leaving, Recoverable {
  readonly Type: 'Map';
  /** An array of templates or an expression; without it the state's input is the array. */
  readonly Items?: Json;
  /** What an iteration gets instead of its item; `$states.context.Map.Item` tells of the item. */
  readonly ItemSelector?: Json;
  readonly MaxConcurrency?: NumberField;
  readonly ToleratedFailureCount?: NumberField;
  readonly ToleratedFailurePercentage?: NumberField;
  readonly ItemProcessor: ItemProcessor;
}

export interface ItemProcessor extends Branch {
  readonly ProcessorConfig?: { readonly Mode?: 'INLINE' };
}

export interface WaitState extends Leaving {
  readonly Type: 'Wait';
  readonly Seconds?: NumberField;
  readonly Timestamp?: string;
}

export interface SucceedState {
  readonly Type: 'Succeed';
  readonly Output?: Json;
}

export type State =
  | TaskState
  | ParallelState
  | MapState
  | WaitState
  | SucceedState
  | compiled.ChoiceState
  | compiled.PassState
  | compiled.FailState;

export interface Branch {
  readonly StartAt: string;
  readonly States: { readonly [name: string]: State };
}

export interface Machine extends Branch {
  readonly TimeoutSeconds?: number;
}
